"""Where whom the console leads: links only. What somebody may see there is decided where it is read."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from domain.administration import READERS
from domain.authority import APPLICATION_TAKERS, REPORTERS, Actor
from domain.visibility import is_centre_leader, reviews_looks
from domain.vocabulary import Role
from web.language import mark

HOLDERS = frozenset({Role.HANDLER, Role.UNIT_LEADER})
_WATCHERS = frozenset({Role.SUPERVISOR, Role.AUDITOR})
_OFFICERS = frozenset({Role.ORGANIZATION_OFFICER, Role.DISCIPLINE_OFFICER})
_READERS_OF_FILES = _WATCHERS | _OFFICERS | {Role.UNIT_LEADER}
_NO_CASES = frozenset({Role.ADMINISTRATOR})
_TRENDS = _WATCHERS | HOLDERS | {Role.STATISTICIAN}
_LEDGERS = _WATCHERS | _OFFICERS | {Role.STATISTICIAN}


ADMIN_HOME: Final = "/admin"
RULEBOOK: Final = "/admin/rulebook"


@dataclass(frozen=True, slots=True)
class Entry:
    """A link of the main navigation."""

    path: str
    name: str


def entries(actor: Actor) -> tuple[Entry, ...]:
    """The links of this person, the first of them the home page."""
    return tuple(_entries(actor))


def _entries(actor: Actor) -> Iterator[Entry]:
    roles, centre = actor.roles, is_centre_leader(actor)
    if roles & _WATCHERS or centre:
        yield Entry("/board", mark("看板"))
    if roles & HOLDERS and not centre:
        yield Entry("/work", mark("待办"))
    if Role.GRID_OFFICER in roles:
        yield Entry("/officer", mark("网格"))
    if roles & _OFFICERS:
        yield from _FILES
    if Role.SUPERVISOR in roles or centre:
        yield Entry("/triage", mark("待分派"))
        yield Entry("/extensions", mark("延期"))
    if roles & REPORTERS - {Role.GRID_OFFICER}:
        yield Entry("/desk/incident", mark("登记事件"))
    if roles & APPLICATION_TAKERS:
        yield Entry("/items", mark("办事受理"))
    if not roles <= _NO_CASES:
        yield Entry("/cases", mark("案件"))
    yield from _figures(actor)
    yield Entry("/notices", mark("通知"))


def _figures(actor: Actor) -> Iterator[Entry]:
    """What is looked up more than worked on."""
    roles, centre = actor.roles, is_centre_leader(actor)
    if roles & _READERS_OF_FILES and not roles & _OFFICERS:
        yield from _FILES
    if roles & _LEDGERS or centre:
        yield Entry("/units", mark("绩效"))
    elif roles & HOLDERS:
        yield Entry(f"/units/{actor.unit}", mark("绩效"))
    if roles & _TRENDS or centre:
        yield Entry("/trends", mark("趋势"))
    if (roles & (_READERS_OF_FILES - READERS) or centre) and not roles & READERS:
        yield Entry(RULEBOOK, mark("规则"))
    if roles & READERS:
        yield Entry(ADMIN_HOME, mark("管理"))
    if reviews_looks(actor):
        yield Entry("/looks", mark("查阅记录"))


def admin_entries(actor: Actor) -> tuple[Entry, ...]:
    """The pages of administration that are this person's, the first of them the home of it."""
    return _ADMIN if Role.ADMINISTRATOR in actor.roles else _AUDIT


_FILES: Final = (Entry("/interviews", mark("约谈")), Entry("/accountability", mark("问责")))
_AUDIT: Final = (Entry("/admin/log", mark("管理记录")), Entry(RULEBOOK, mark("规则")))
_ADMIN: Final = (
    Entry(ADMIN_HOME, mark("概况")),
    Entry("/admin/accounts", mark("账号")),
    Entry("/admin/keys", mark("接口密钥")),
    Entry("/admin/units", mark("单位管理")),
    Entry("/admin/grids", mark("网格管理")),
    Entry("/admin/calendar", mark("日历")),
    *_AUDIT,
)
