"""The form by which a version of the rules is made of another: which values it asks for, and what was sent of them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from domain.catalogue.diff import in_words
from domain.limits import Limit, LimitUnit
from domain.rulebook import Clocks, Rulebook
from domain.rulebook_diff import own_clocks
from rulebook.drafts import AS_GENERAL
from web.session import Form

GENERAL: Final = "general"
SERVICES: Final = "services"
NONE: Final = "none"
"""Chosen as the unit of a lead: there is no extension."""

OF_A_CATEGORY: Final = ("acknowledgement", "extension_lead", "yellow_lead", "points")
OF_SERVICES: Final = ("acknowledgement", "extension_lead", "yellow_lead", "points", "answer")
COUNTED: Final = frozenset({"ack_warning", "extensions", "higher_extensions", "yellow_share", "points", "redos"})
ELAPSED: Final = frozenset({"acknowledgement", "urging", "triage", "return_within", "chase"})
_ELAPSED_UNITS: Final = (LimitUnit.SECONDS, LimitUnit.MINUTES, LimitUnit.HOURS)
_ENDING: Final = re.compile(r"^(.*?)(\d+)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One value of the form: a number, or a limit as a number and its unit.

    general  what counts when nothing is said here: of a category, or of service requests; else None
    """

    name: str
    amount: str
    unit: str = ""
    units: tuple[LimitUnit, ...] = ()
    may_be_none: bool = False
    general: Any = None
    inherits: bool = False


def asked_of(rules: Rulebook, scope: str) -> tuple[Asked, ...]:
    """The values of a scope: ``general``, ``services``, or the code of a category, as they are."""
    if scope == GENERAL:
        return tuple(_asked(field.name, getattr(rules.clocks, field.name)) for field in fields(Clocks))
    if scope == SERVICES:
        services = rules.services
        clocks = _own(services.clocks, rules.clocks, OF_SERVICES)
        return (*clocks, _asked("materials_window", services.materials_window), _asked("redos", services.redos))
    found = rules.category(scope)
    return (_asked("limit", found.limit), *_own(found.clocks, rules.clocks, OF_A_CATEGORY))


def sent_back(asked: Iterable[Asked], form: Form) -> tuple[Asked, ...]:
    """The same values as they were sent."""
    return tuple(
        Asked(
            name=one.name, amount=form.get(one.name, one.amount), unit=form.get(f"{one.name}.unit", one.unit),
            units=one.units, may_be_none=one.may_be_none, general=one.general, inherits=one.inherits,
        )
        for one in asked
    )  # fmt: skip


def revision(asked: Iterable[Asked], scope: str, form: Form) -> dict[str, Any]:
    """What was sent as the body of a revision. Values are checked by the rulebook, not here."""
    given = {one.name: _given(one, form) for one in asked}
    if scope == GENERAL:
        return {"clocks": given}
    if scope == SERVICES:
        settings = {name: given.pop(name) for name in ("materials_window", "redos")}
        return {"services": {"clocks": given, "settings": settings}}
    limit = given.pop("limit")
    return {"categories": {scope: {"limit": str(limit), "clocks": given}}}


def next_name(name: str, known: Iterable[str]) -> str:
    """A name for the version after this one that no other has."""
    taken = {one.partition("+")[0] for one in known}
    plain = name.partition("+")[0]
    while plain in taken:
        ending = _ENDING.match(plain)
        plain = f"{ending[1]}{int(ending[2]) + 1}" if ending else f"{plain}-2"
    return plain


def _own(clocks: Clocks, general: Clocks, names: Iterable[str]) -> tuple[Asked, ...]:
    own = own_clocks(clocks, general)
    return tuple(
        _asked(name, getattr(clocks, name) if name in own else AS_GENERAL, general=in_words(getattr(general, name)))
        for name in names
    )


def _asked(name: str, value: Any, *, general: Any = AS_GENERAL) -> Asked:
    inherits = general != AS_GENERAL
    shown: dict[str, Any] = {"name": name, "general": general if inherits else None, "inherits": inherits}
    if name in COUNTED:
        return Asked(amount="" if value == AS_GENERAL else str(value), **shown)
    units = _ELAPSED_UNITS if name in ELAPSED else tuple(LimitUnit)
    shown |= {"units": units, "may_be_none": name == "extension_lead"}
    if isinstance(value, Limit):
        return Asked(amount=str(value.amount), unit=value.unit.value, **shown)
    return Asked(amount="", unit=NONE if value is None else "", **shown)


def _given(one: Asked, form: Form) -> Any:
    amount = form.get(one.name, "").strip()
    unit = form.get(f"{one.name}.unit", "").strip()
    if one.inherits and not amount and unit != NONE:
        return AS_GENERAL
    if not one.units:
        return int(amount) if amount.isascii() and amount.isdigit() and len(amount) < 10 else amount
    if one.may_be_none and unit == NONE:
        return None
    return f"{amount} {unit}"


def faults_by_name(faults: Mapping[str, str]) -> dict[str, str]:
    """Last part of a field's path → code."""
    return {path.rpartition(".")[2]: code for path, code in faults.items()}
