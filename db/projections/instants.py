"""Instants of plain states as columns hold them."""

from datetime import datetime

from domain.plain import instant


def instant_or_none(text: str | None) -> datetime | None:
    """The instant that a plain state holds, if it holds one."""
    return None if text is None else instant(text)
