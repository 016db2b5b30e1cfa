"""What a list of cases is narrowed by, as it is shown above it: marks, each with the address of the list without it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from urllib.parse import urlencode

from api.schemas.queries import CasesQuery
from db.queries.board import Lane
from domain.vocabulary import Waiting
from domain.worktime import SHANGHAI, end_of_day
from web.directory import Directory
from web.filterwords import LANES, figure_said
from web.language import mark
from web.page import Visit
from web.words import NAMES

_LABELS: Final = {
    "kind": mark("种类"),
    "status": mark("状态"),
    "light": mark("灯"),
    "ack_light": mark("响应灯"),
    "unit": mark("单位"),
    "grid": mark("网格"),
    "category": mark("类别"),
    "item": mark("事项"),
    "waiting": mark("等待"),
    "lane": mark("看板"),
    "running": mark("计时中"),
    "due_from": mark("到期不早于"),
    "due_before": mark("到期早于"),
    "received_from": mark("受理不早于"),
    "received_to": mark("受理早于"),
    "closed_from": mark("结案不早于"),
    "closed_to": mark("结案早于"),
    "figure": mark("绩效指标"),
}
_TOGETHER: Final[Mapping[str, tuple[str, ...]]] = {
    "figure": ("figure", "figure_unit", "figure_from", "figure_to"),
}
"""What means nothing alone goes together."""

WAITING: Final = {
    Waiting.ALARM: mark("接手险情"),
    Waiting.EXTENSION: mark("决定延期"),
    Waiting.RETURN: mark("裁定退单"),
    Waiting.APPEAL: mark("裁定申诉"),
}
"""For which word of a person a case waits."""

_LISTED: Final = mark("、")
_SOON: Final = ((0, mark("今天")), (1, mark("明天以内")), (3, mark("三天以内")), (7, mark("七天以内")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """One thing that the list is narrowed by. ``without``: the address of the list as it would be without it."""

    label: str
    value: str
    without: str


def narrowed(seen: Visit, wanted: CasesQuery, codes: Directory) -> list[Narrowed]:
    """Everything but the words that are sought, which stand in their field."""
    given = {name: value for name, value in seen.request.query_params.items() if value.strip() and name != "cursor"}
    return [
        Narrowed(label=seen.say(label), value=_shown(seen, codes, name, value), without=_without(given, name))
        for name, label in _LABELS.items()
        if (value := figure_said(seen.words, codes, wanted) if name == "figure" else getattr(wanted, name))
    ]


def due_choices(seen: Visit, chosen: datetime | None) -> dict[str, str]:
    """Instant → what it is called: ends of days to come, and the one that is ``chosen`` already."""
    ends = end_of_day(seen.at)
    choices = {(ends + timedelta(days=days)).isoformat(): seen.say(name) for days, name in _SOON}
    if chosen is not None and not any(datetime.fromisoformat(known) == chosen for known in choices):
        choices[chosen.astimezone(SHANGHAI).isoformat()] = seen.times.stamp(chosen)
    return choices


def _without(given: Mapping[str, str], name: str) -> str:
    gone = _TOGETHER.get(name, (name,))
    kept = {key: value for key, value in given.items() if key not in gone}
    return "/cases?" + urlencode(kept) if kept else "/cases"


def _shown(seen: Visit, codes: Directory, name: str, value: Any) -> str:
    of_codes: dict[str, Mapping[str, str]] = {
        "unit": codes.units,
        "grid": codes.grids,
        "category": codes.categories,
        "item": codes.items,
    }
    if name in of_codes:
        return of_codes[name].get(value, value)
    if name == "figure":
        return str(value)
    if isinstance(value, datetime):
        return seen.times.stamp(value)
    return seen.say(_LISTED).join(_words(seen, value if isinstance(value, tuple) else (value,)))


def _words(seen: Visit, members: tuple[Any, ...]) -> Iterator[str]:
    for member in members:
        if isinstance(member, Lane):
            yield seen.say(LANES[member])
        elif isinstance(member, Waiting):
            yield seen.say(WAITING[member])
        elif isinstance(member, StrEnum):
            yield seen.words.word(member) if type(member) in NAMES else member.value
        else:
            yield seen.say(mark("是"))
