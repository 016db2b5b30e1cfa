"""What a figure of the standings is, in words: whose, what, and over which days."""

from datetime import datetime, timedelta

from api.schemas.queries import CasesQuery
from domain.vocabulary import Figure
from domain.worktime import shanghai_date
from web.directory import Directory
from web.language import mark
from web.words import Words

_INSTANT = timedelta(microseconds=1)


def figure_said(words: Words, codes: Directory, wanted: CasesQuery) -> str:
    """The figure that a list is narrowed to; empty: to none."""
    days = _span(words, wanted.figure_from, wanted.figure_to)
    if not (wanted.figure or wanted.figure_unit or days):
        return ""
    what = words.word(wanted.figure or Figure.CAME)
    if wanted.figure_unit:
        what = words.say(mark("{unit}：{what}"), unit=codes.unit(wanted.figure_unit), what=what)
    return f"{what} {days}".strip()


def _span(words: Words, first: datetime | None, until: datetime | None) -> str:
    """Whole days as people write them: the last one is named, too."""
    if first is None and until is None:
        return ""
    since = shanghai_date(first).isoformat() if first else "…"
    last = shanghai_date(until - _INSTANT).isoformat() if until else "…"
    return since if since == last else words.say(mark("{since} 至 {last}"), since=since, last=last)
