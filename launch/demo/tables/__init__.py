"""The tables of the made-up day, as they are written."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent


@cache
def table(name: str) -> dict[str, Any]:
    """What stands in ``name``.toml."""
    return tomllib.loads((_HERE / f"{name}.toml").read_text(encoding="utf-8"))
