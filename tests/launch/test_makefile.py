"""The Makefile tells what it can do, and why it cannot; the locks name no address."""

import re
import subprocess
from pathlib import Path

import pytest

from settings import ROOT


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["make", "--no-print-directory", *arguments], cwd=ROOT, capture_output=True, text=True)


@pytest.mark.parametrize("arguments", [(), ("help",)])
def test_targets_are_listed_when_asked_for_nothing_or_help(arguments: tuple[str, ...]) -> None:
    listed = make(*arguments).stdout
    for target in ("run", "demo", "test", "check", "fmt", "bench", "clean", "lock"):
        assert re.search(rf"^  make {target}\s+\S", listed, re.MULTILINE)


def test_version_is_named_when_python_is_too_old(tmp_path: Path) -> None:
    old = tmp_path / "python"
    old.write_text('#!/bin/sh\n[ "$1" = -V ] && { echo "Python 3.9.1"; exit 0; }\nexit 1\n')
    old.chmod(0o755)
    refused = make("install", f"PYTHON={old}", f"VENV={tmp_path / 'venv'}")
    assert refused.returncode != 0
    assert "needs Python 3.11 or newer" in refused.stderr
    assert "Python 3.9.1" in refused.stderr
    assert not (tmp_path / "venv").exists()


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_lock_has_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert "://" not in text
    pinned = re.split(r"\n(?=[a-z])", text.strip())
    assert all("--hash=sha256:" in package for package in pinned)


def test_versions_agree_between_the_locks() -> None:
    running, developing = (
        set(re.findall(r"^([a-z][\w.-]*==\S+)", (ROOT / lock).read_text(), re.MULTILINE))
        for lock in ("requirements.txt", "requirements-dev.txt")
    )
    assert running < developing
