"""The rulebooks that the product ships, opened once for all unit tests, and short ways to write instants."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from domain.worktime import SHANGHAI
from rulebook.load import Opened, open_rulebook

SHIPPED = Path(__file__).parents[2] / "rulebook"


@cache
def shipped(name: str = "default") -> Opened:
    """The shipped rulebook of that name."""
    return open_rulebook(SHIPPED / name)


def local(text: str) -> datetime:
    """The instant of a local time such as "2026-02-13 16:20" in Asia/Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


def written(instant: datetime) -> str:
    """The local time of an instant, with its weekday."""
    return instant.astimezone(SHANGHAI).strftime("%a %Y-%m-%d %H:%M:%S")
