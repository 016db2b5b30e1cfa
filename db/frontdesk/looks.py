"""The log of looks at personal data: written before what was looked at is answered, appended only (C7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from db.tables import Look, core
from domain.authority import Actor
from domain.looks import HOUR, Circumstances, Oddity, oddities
from domain.vocabulary import LookKind

_look = core(Look)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A look as it is noted. ``purpose``: an item, or a member of ``LookPurpose``; ``fields``: names, no values."""

    kind: LookKind
    purpose: str
    fields: Sequence[str]
    person: str | None = None
    case: str | None = None
    grid: str | None = None
    note: str | None = None


def note_look(connection: Connection, actor: Actor, looked: Looked, now: datetime) -> tuple[Oddity, ...]:
    """Note that ``actor`` looks; what is unusual about it."""
    recent = select(func.count()).where(_look.c.username == actor.username, _look.c.at > now - HOUR, _look.c.at <= now)
    earlier = int(connection.scalar(recent) or 0)
    odd = oddities(Circumstances(at=now, earlier=earlier, grid=looked.grid, own_grids=actor.grids))
    connection.execute(
        insert(_look).values(
            at=now,
            username=actor.username,
            unit=actor.unit,
            person=looked.person,
            kind=looked.kind,
            purpose=looked.purpose,
            fields=list(looked.fields),
            case=looked.case,
            grid=looked.grid,
            note=looked.note or None,
            oddities=[each.value for each in odd],
            unusual=bool(odd),
        )
    )
    return odd
