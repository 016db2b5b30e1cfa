"""Settings: defaults that run, values that are refused by name, secrets that are kept."""

import os
import stat
from pathlib import Path

import pytest

import settings as configuration
from settings import ROOT, Settings, SettingsError, kept

EVERYWHERE = "0.0.0.0"  # noqa: S104 (read, not bound)


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(configuration.PREFIX):
            monkeypatch.delenv(name)


def test_everything_runs_on_a_laptop_when_nothing_is_set() -> None:
    loaded = configuration.load()
    assert loaded.data_dir == ROOT / "var"
    assert loaded.database_url == f"sqlite:///{ROOT / 'var' / 'bihuan.db'}"
    assert loaded.engine_is_embedded
    assert loaded.engine_address == "127.0.0.1:7233"
    assert loaded.rulebook.is_dir()


def test_database_moves_along_when_the_data_directory_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BIHUAN_DATA_DIR", str(tmp_path))
    assert configuration.load().database_url == f"sqlite:///{tmp_path / 'bihuan.db'}"


def test_paths_count_from_the_repository_when_relative(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BIHUAN_RULEBOOK", "rulebook/rehearsal")
    monkeypatch.setenv("BIHUAN_DATABASE_URL", "sqlite:///elsewhere/store.db")
    monkeypatch.chdir(tmp_path)
    loaded = configuration.load()
    assert loaded.rulebook == ROOT / "rulebook" / "rehearsal"
    assert loaded.database_url == f"sqlite:///{ROOT / 'elsewhere' / 'store.db'}"


def test_given_engine_is_used_when_its_address_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIHUAN_TEMPORAL_ADDRESS", "engine.internal:7233")
    loaded = configuration.load()
    assert not loaded.engine_is_embedded
    assert loaded.engine_address == "engine.internal:7233"


def test_variable_counts_as_unset_when_it_is_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIHUAN_TEMPORAL_ADDRESS", "")
    assert configuration.load().engine_is_embedded


@pytest.mark.parametrize(
    ("public", "host", "url"),
    [
        ("", "127.0.0.1", "http://127.0.0.1:8000"),
        ("", EVERYWHERE, "http://127.0.0.1:8000"),
        ("", "::1", "http://[::1]:8000"),
        ("https://street.example/", EVERYWHERE, "https://street.example"),
        ("https://city.example:8443/street", "127.0.0.1", "https://city.example:8443/street"),
    ],
)
def test_receipts_point_to_where_residents_reach_the_house(public: str, host: str, url: str) -> None:
    assert Settings(public_url=public, http_host=host).residents_url == url


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("BIHUAN_PUBLIC_URL", "street.example"),
        ("BIHUAN_PUBLIC_URL", "ftp://street.example"),
        ("BIHUAN_PUBLIC_URL", "https://street.example/?from=qr"),
        ("BIHUAN_PUBLIC_URL", "https://name@street.example"),
        ("BIHUAN_HTTP_PORT", "99999"),
        ("BIHUAN_HTTP_PORT", "eight"),
        ("BIHUAN_TEMPORAL_ADDRESS", "engine"),
        ("BIHUAN_TEMPORAL_ADDRESS", "engine:0"),
        ("BIHUAN_DATABASE_URL", "mysql://someone:hidden-word@host/base"),
        ("BIHUAN_DEMO_PASSWORD", "short"),
        ("BIHUAN_SECRET_KEY", "short"),
    ],
)
def test_variable_is_named_and_its_value_is_not_when_it_is_wrong(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError) as refused:
        configuration.load()
    assert variable in str(refused.value)
    assert value not in str(refused.value)


def test_secrets_do_not_show_when_settings_are_printed() -> None:
    shown = repr(
        Settings(demo_password="visible-password", secret_key="s" * 40, database_url="postgresql://someone:word@host/b")
    )
    assert "visible-password" not in shown
    assert "sssss" not in shown
    assert "word@" not in shown


def test_secret_is_the_same_and_its_owners_only_when_generated(tmp_path: Path) -> None:
    first = Settings(data_dir=tmp_path / "new").secret()
    assert Settings(data_dir=tmp_path / "new").secret() == first
    assert len(first) >= 32
    assert stat.S_IMODE((tmp_path / "new" / "secret_key").stat().st_mode) == 0o600


def test_set_secret_wins_when_one_is_kept(tmp_path: Path) -> None:
    Settings(data_dir=tmp_path).demo_secret()
    assert Settings(data_dir=tmp_path, demo_password="another-one").demo_secret() == "another-one"


def test_first_value_stays_when_two_processes_make_one(tmp_path: Path) -> None:
    path = tmp_path / "secret"

    def made_late() -> str:
        kept(path, lambda: "first")  # another process, between our look and our writing
        return "second"

    assert kept(path, made_late) == "first"
    assert [file.name for file in tmp_path.iterdir()] == ["secret"]


def test_file_is_named_when_a_secret_cannot_be_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no directory")
    with pytest.raises(SettingsError, match="BIHUAN_DATA_DIR"):
        Settings(data_dir=tmp_path / "file").secret()
