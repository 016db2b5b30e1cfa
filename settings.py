"""What can be set from outside: one class, read once from the environment (prefix ``BIHUAN_``).

Here live names, defaults and where files go. Every default runs on a laptop; secrets without a value are made once and
kept in the data directory, readable by their owner only. No other module reads settings from the environment.
"""

import os
import re
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent
PREFIX = "BIHUAN_"
DEMO_PASSWORD_BYTES = 9
SECRET_KEY_BYTES = 32

_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 (read, not bound)
_SQLITE = "sqlite:///"
_STORES = (_SQLITE, "postgresql://", "postgresql+psycopg://")


class SettingsError(Exception):
    """A setting has no usable value, or a file that belongs to the settings cannot be used."""


def from_root(path: Path) -> Path:
    """``path`` made absolute: a relative one counts from the repository root, wherever a process is started."""
    return (ROOT / path.expanduser()).resolve()


RootedPath = Annotated[Path, AfterValidator(from_root)]
Port = Annotated[int, Field(ge=1, le=65535)]


class Settings(BaseSettings):
    """Everything that a process may be told.

    database_url       SQLite file or PostgreSQL; default: ``bihuan.db`` in the data directory
    temporal_address   ``host:port`` of an engine that already runs; unset: ``launch up`` starts the embedded one
    temporal_port      where the embedded engine listens; ``temporal_ui_port`` is its web page
    data_dir           every file made at run time, generated secrets included
    public_url         where residents reach this house: what receipts and their QR codes point to
    rulebook           directory of the rulebook in force
    demo_password      password of the demo district's accounts, when they are first created
    secret_key         signs what leaves the house and must come back unchanged
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="forbid")

    data_dir: RootedPath = ROOT / "var"
    database_url: Annotated[str, Field(repr=False)] = ""
    temporal_address: str | None = None
    temporal_namespace: Annotated[str, Field(min_length=1)] = "default"
    temporal_port: Port = 7233
    temporal_ui_port: Port = 8233
    http_host: Annotated[str, Field(min_length=1)] = "127.0.0.1"
    http_port: Port = 8000
    public_url: str = ""
    rulebook: RootedPath = ROOT / "rulebook" / "default"
    demo_password: Annotated[str | None, Field(min_length=8, repr=False)] = None
    secret_key: Annotated[str | None, Field(min_length=32, repr=False)] = None

    @field_validator("temporal_address")
    @classmethod
    def _host_and_port(cls, address: str | None) -> str | None:
        host, _, port = (address or "x:1").rpartition(":")
        if not host or not port.isdigit() or not 0 < int(port) < 65536:
            raise ValueError("expected host:port, such as 127.0.0.1:7233")
        return address

    @field_validator("public_url")
    @classmethod
    def _bare_address(cls, url: str) -> str:
        if url and not re.fullmatch(r"https?://[^\s/?#@]+(?:/[^\s?#]*)?", url):
            raise ValueError("expected http(s)://host, with or without port and path")
        return url.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _known_store(cls, url: str) -> str:
        if url and not url.startswith(_STORES):
            raise ValueError(f"expected one of {', '.join(_STORES)}")
        if url.startswith(_SQLITE):
            url = _SQLITE + str(from_root(Path(url.removeprefix(_SQLITE))))
        return url

    @model_validator(mode="after")
    def _database_in_data_dir(self) -> Self:
        if not self.database_url:
            object.__setattr__(self, "database_url", f"{_SQLITE}{self.data_dir / 'bihuan.db'}")
        return self

    @property
    def local_url(self) -> str:
        """The address of the API as this machine reaches it."""
        host = _EVERYWHERE.get(self.http_host, self.http_host)
        return f"http://{f'[{host}]' if ':' in host and not host.startswith('[') else host}:{self.http_port}"

    @property
    def residents_url(self) -> str:
        """The address of the house as residents reach it; without one of its own, this machine's."""
        return self.public_url or self.local_url

    @property
    def engine_is_embedded(self) -> bool:
        """Whether ``launch up`` starts the engine itself."""
        return self.temporal_address is None

    @property
    def engine_address(self) -> str:
        """``host:port`` at which worker and API find the engine."""
        return self.temporal_address or f"127.0.0.1:{self.temporal_port}"

    @property
    def attachments_dir(self) -> Path:
        """Where photos and documents of reports lie, named by content."""
        return self.data_dir / "attachments"

    @property
    def thumbnails_dir(self) -> Path:
        """Where small pictures made of them lie. Derived: whatever is not there is made again."""
        return self.data_dir / "thumbnails"

    def secret(self) -> str:
        """The secret key: as set, else generated once and kept. Raises SettingsError when it cannot be kept."""
        return self.secret_key or kept(self.data_dir / "secret_key", lambda: secrets.token_urlsafe(SECRET_KEY_BYTES))

    def demo_secret(self) -> str:
        """The demo accounts' password: as set, else generated once and kept. Raises SettingsError like ``secret``."""
        return self.demo_password or kept(
            self.data_dir / "demo_password", lambda: secrets.token_urlsafe(DEMO_PASSWORD_BYTES)
        )


def load() -> Settings:
    """The settings of this process. Raises SettingsError that names every variable at fault and never its value."""
    try:
        return Settings()
    except ValidationError as error:
        lines = [f"{_variable(fault['loc'])}: {fault['msg']}" for fault in error.errors(include_input=False)]
        raise SettingsError("; ".join(lines)) from None


def kept(path: Path, make: Callable[[], str]) -> str:
    """What is kept in ``path`` (mode 0600), made on first use; of several processes that make it at once, one wins.

    Raises SettingsError when the file or its directory cannot be used.
    """
    try:
        if not path.exists():
            _keep(path, make())
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror} (the data directory is {PREFIX}DATA_DIR)") from error


def _keep(path: Path, value: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(value + "\n")
        os.link(draft, path)
    except FileExistsError:
        pass  # another process was first; its value counts
    finally:
        draft.unlink()


def _variable(location: tuple[int | str, ...]) -> str:
    return PREFIX + str(location[0]).upper() if location else PREFIX.rstrip("_")
