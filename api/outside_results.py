"""Results of outside steps out of a file (B8): every row by itself, the good ones applied, the others named.

The same file may be sent twice: what it said is applied once, and so is a later file that says the same.
"""

import asyncio
import hashlib
import re
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from pydantic import BaseModel, ValidationError
from sqlalchemy import Connection

from api import wording
from api.auth import Bearer
from api.bodies import Checked, of_validation
from api.command_table import STEP_COMPLETION
from api.commanding import Asked, Subject, carry_out
from api.house import House
from api.kinds import Cases
from api.problems import Problem
from api.schemas.services import StepCompletionIn
from db.frontdesk.commands import was_done
from domain.authority import Actor
from domain.errors import Conflict, Refused, Unprocessable
from domain.holding.parts import latest
from domain.service.request import ServiceRequest
from rulebook.sheets import SheetRow, read_sheet

LARGEST: Final = 5 << 20
MOST_ROWS: Final = 1_000
ABREAST: Final = 8
COLUMNS: Final = ("number", "step", "outcome")

_AWAY: Final = 503
_DONE: Final = frozenset({"step_already_completed", "transition_not_allowed"})
"""What a step that was done is refused with; the latter when it decided the whole."""
_CODE: Final = re.compile(r"[\w.:-]{1,64}", re.ASCII)


class RowResult(StrEnum):
    """What became of a row. ``repeated``: it had been applied before."""

    APPLIED = "applied"
    REPEATED = "repeated"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row as it is reported. ``code``: why it was refused."""

    line: int
    number: str
    step: str
    outcome: str
    result: RowResult = RowResult.REFUSED
    code: str | None = None

    def shown(self) -> dict[str, Any]:
        """With a sentence for whoever has to mend it; of what cannot be a code nothing is repeated."""
        fields = {name: getattr(self, name) for name in ("line", "number", "step", "outcome", "result", "code")}
        return {**fields, "message": wording.say(self.code) if self.code else None}


def read_results(content: bytes) -> list[SheetRow]:
    """The rows of a file, with columns ``number``, ``step``, ``outcome`` and perhaps ``note``. Raises Unprocessable."""
    return read_sheet(content, required=COLUMNS, most=MOST_ROWS)


async def apply_results(here: House, token: Bearer, content: bytes, at: datetime) -> list[Row]:
    """Apply every row that can be applied: those of one case in their order, cases side by side.

    Raises Unprocessable for a file that is no such table, and Problem(503) when engine or database are away: what was
    applied by then is not applied again when the file is sent again.
    """
    waiting = deque(_grouped(await asyncio.to_thread(read_results, content)).values())
    digest, found = hashlib.sha256(content).hexdigest(), list[Row]()

    async def work() -> None:
        while waiting:
            for row in waiting.popleft():
                try:
                    found.append(await _apply(here, token, row, digest, at))
                except BaseException:
                    waiting.clear()  # the others stop after the case that they are at
                    raise

    ended = await asyncio.gather(*(work() for _ in range(ABREAST)), return_exceptions=True)
    for failure in ended:
        if failure is not None:
            raise failure
    return sorted(found, key=lambda row: row.line)


def _grouped(rows: Iterable[SheetRow]) -> Mapping[str, list[SheetRow]]:
    found: dict[str, list[SheetRow]] = defaultdict(list)
    for row in rows:
        found[row.cells.get("number", "")].append(row)
    return found


class OutsideSteps(Cases):
    """Cases, as far as their steps are outside. ``origin``: the digest of the file that speaks of them."""

    def find(self, connection: Connection, actor: Actor, dossier: str, part: Mapping[str, Any]) -> Subject | None:
        """As of every case. Raises Unprocessable("step_unknown"), and Conflict("step_not_outside") for one of ours."""
        found = super().find(connection, actor, dossier, {})
        if found is None or not isinstance(found.value, ServiceRequest):
            return None
        step = found.value.flow.step(part["part"])
        if step is None:
            raise Unprocessable("step_unknown", field="step")
        if step.inside:
            raise Conflict("step_not_outside")
        return found


OUTSIDE: Final = OutsideSteps()


async def _apply(here: House, token: Bearer, row: SheetRow, digest: str, at: datetime) -> Row:
    cells = {name: row.cells.get(name, "") for name in (*COLUMNS, "note")}
    number, step, outcome = (_code(cells[name]) for name in COLUMNS)
    shown = Row(line=row.line, number=number, step=step, outcome=outcome)
    code = row.code or ("field_required" if not all(cells[name] for name in COLUMNS) else None)
    if code is not None:
        return _with(shown, RowResult.REFUSED, code)
    asked = _asked(token, cells, digest, at)
    try:
        if await here.database.read(lambda connection: _was_applied(connection, token, asked)):
            return _with(shown, RowResult.REPEATED)
        await carry_out(here, OUTSIDE, asked)
    except (Problem, Refused) as refused:
        if isinstance(refused, Problem) and refused.status >= _AWAY:
            raise
        if refused.code in _DONE and await _stands(here, token, asked):
            return _with(shown, RowResult.REPEATED)
        return _with(shown, RowResult.REFUSED, refused.code)
    return _with(shown, RowResult.APPLIED)


def _asked(token: Bearer, cells: Mapping[str, str], digest: str, at: datetime) -> Asked:
    return Asked(
        token=token,
        dossier=cells["number"],
        line=STEP_COMPLETION,
        checked=_checked({"outcome": cells["outcome"], "note": cells["note"]}),
        key=lambda: None,
        version=lambda: None,
        more={"part": cells["step"]},
        at=at,
        origin=digest,
    )


def _checked(given: dict[str, str]) -> Checked[BaseModel]:
    try:
        return Checked(StepCompletionIn.model_validate(given))
    except ValidationError as error:
        return Checked(None, of_validation(error))


def _was_applied(connection: Connection, token: Bearer, asked: Asked) -> bool:
    """Whether a row of the same file said this before, and it was done. Raises Problem(401)."""
    token.actor(connection)
    given = asked.checked.value
    return given is not None and was_done(connection, asked.dossier, asked.digest(given))


async def _stands(here: House, token: Bearer, asked: Asked) -> bool:
    """Whether the step has ended with this very outcome."""

    def read(connection: Connection) -> bool:
        found = OUTSIDE.find(connection, token.actor(connection), asked.dossier, asked.more)
        part = latest(found.value.parts, asked.more["part"]) if found else None
        return part is not None and part.outcome == getattr(asked.checked.value, "outcome", None)

    return await here.database.read(read)


def _with(row: Row, result: RowResult, code: str | None = None) -> Row:
    return replace(row, result=result, code=code)


def _code(cell: str) -> str:
    """A cell as it is repeated back: a code, and nothing that somebody put in its place."""
    return cell if _CODE.fullmatch(cell) else ""
