"""What the pages of administration share: forms that come back as they were sent, words for what was changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from fastapi import Request, Response
from sqlalchemy import Connection

from api.auth import require_role
from api.problems import Problem, of_refusal
from domain.administration import Act, Subject
from domain.authority import Actor
from domain.errors import Refused
from domain.plain import instant
from domain.vocabulary import Role, UnitKind
from web.directory import Directory
from web.language import Language, mark
from web.navigation import admin_entries
from web.page import Content, Visit, Work, show, visit
from web.reading import ticked
from web.session import Form

_SHOWN_AGAIN: Final = frozenset({409, 422, 429})

FIELDS: Final[Mapping[str, str]] = {
    "username": mark("用户名"),
    "name": mark("名称"),
    "name_en": mark("英文名称"),
    "unit": mark("单位"),
    "roles": mark("角色"),
    "active": mark("状态"),
    "code": mark("代码"),
    "kind": mark("类型"),
    "line": mark("条线"),
    "parent": mark("上级单位"),
    "officer": mark("网格员"),
    "officer_phone": mark("值班电话"),
    "boundary": mark("边界"),
    "year": mark("年度"),
    "working_days": mark("工作日数"),
    "days": mark("列出的日期数"),
    "version": mark("日历版本"),
    "effective_from": mark("生效时间"),
}
_ON: Final = {True: mark("在用"), False: mark("停用")}
_CORNERS: Final = mark("{n} 个顶点")
_NOTHING: Final = "—"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A form that was sent and refused; ``form`` says which one of the page's."""

    form: str = ""
    values: Form = field(default_factory=dict)
    problem: Problem | None = None

    @property
    def faults(self) -> dict[str, str]:
        """Field → code of what is wrong with it."""
        return {fault.field.partition(".")[0]: fault.code for fault in self.problem.faults} if self.problem else {}

    def of(self, form: str) -> "Sent":
        """Itself for its own form, else nothing."""
        return self if self.form == form else Sent()


def shown_again(error: Problem | Refused) -> Problem:
    """What the form tells. Raises what no form can put right."""
    problem = of_refusal(error) if isinstance(error, Refused) else error
    if problem.status not in _SHOWN_AGAIN:
        raise error
    return problem


async def administration(request: Request, template: str, work: Work, sent: Sent, **more: Any) -> Response:
    """A page for administrators. Raises Forbidden("not_allowed")."""
    seen = visit(request)

    def read(connection: Connection, actor: Actor) -> Content:
        require_role(actor, Role.ADMINISTRATOR)
        return {"tabs": admin_entries(actor), "word_of_role": partial(role_word, seen), **work(connection, actor)}

    status = sent.problem.status if sent.problem else 200
    return await show(request, template, read, status=status, sent=sent, ticked_in=roles_in, **more)


def roles_in(values: Form) -> list[str]:
    """The roles whose boxes were ticked in a form."""
    return ticked(values, "roles")


def role_word(seen: Visit, role: str) -> str:
    """What a role that was kept is called; one that is no longer known stays a code."""
    return seen.words.word(Role(role)) if role in set(Role) else role


@dataclass(frozen=True, slots=True)
class Changes:
    """Says what stands in the log."""

    seen: Visit
    codes: Directory

    def sentence(self, entry: Mapping[str, Any]) -> str:
        """``修改账号``, ``启用单位``: what was done to what kind of thing."""
        act, subject = self.seen.words.word(entry["act"]), self.seen.words.word(entry["subject"])
        return act + subject if self.seen.language is Language.CHINESE else f"{act} {subject[:1].lower()}{subject[1:]}"

    def called(self, entry: Mapping[str, Any]) -> str:
        """What the thing is called now, if it has a name beside its code."""
        known = {Subject.UNIT: self.codes.units, Subject.GRID: self.codes.grids, Subject.ACCOUNT: self.codes.people}
        return known.get(entry["subject"], {}).get(entry["name"], "")

    def details(self, entry: Mapping[str, Any]) -> list[tuple[str, str, str]]:
        """Field, before, after."""
        names = entry["after"] if entry["act"] is not Act.CREATED else [n for n in entry["after"] if n != "username"]
        return [
            (self._field(name), self.value(name, entry["before"].get(name)), self.value(name, entry["after"][name]))
            for name in names
        ]

    def value(self, name: str, value: Any) -> str:
        """A value as people read it."""
        say = self.seen.say
        if value is None or value == "" or value == []:
            return _NOTHING
        match name:
            case "roles":
                return "、".join(role_word(self.seen, role) for role in value)
            case "active":
                return say(_ON[bool(value)])
            case "unit" | "parent":
                return self.codes.unit(value)
            case "kind":
                return self.seen.words.word(UnitKind(value)) if value in set(UnitKind) else str(value)
            case "effective_from":
                return self.seen.times.stamp(instant(str(value)))
            case "boundary":
                return say(_CORNERS, n=value)
        return str(value)

    def _field(self, name: str) -> str:
        return self.seen.say(FIELDS[name]) if name in FIELDS else name
