"""What a list is narrowed to, in words: a lane of the board; a figure of the standings, whose and over which days."""

from datetime import datetime, timedelta
from typing import Final

from api.schemas.queries import CasesQuery
from db.queries.board import Lane
from domain.vocabulary import Figure
from domain.worktime import shanghai_date
from web.directory import Directory
from web.language import mark
from web.words import Words

LANES: Final = {
    Lane.DANGER: mark("险情，无人接手"),
    Lane.UNANSWERED: mark("无人响应"),
    Lane.RED: mark("红灯，逾期未办结"),
    Lane.TODAY: mark("今日到期"),
    Lane.EXTENSION: mark("延期待决定"),
    Lane.RETURNED: mark("退单待裁定"),
    Lane.TRIAGE: mark("待分派"),
    Lane.APPEAL: mark("申诉待裁定"),
    Lane.VERIFICATION: mark("待核查"),
    Lane.LATER: mark("办理中"),
    Lane.PAUSED: mark("挂账中"),
}

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
