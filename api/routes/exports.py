"""``GET /cases/export``: the list of cases as it is filtered, as a spreadsheet (D8)."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from api.auth import bearer, now
from api.bodies import query
from api.case_sheet import case_pages
from api.docs import described
from api.house import house
from api.schemas.queries import CasesQuery
from api.sheets import Rows, Sheet, SheetFormat, given_out

router = APIRouter(tags=["cases"])

COLUMNS: Final = (
    "number", "kind", "category", "item", "danger", "status", "outcome", "light", "ack_light", "unit", "grid", "round",
    "received_at", "dispatched_at", "ack_by", "acknowledged_at", "yellow_at", "extension_by", "due_at", "provisional",
    "completed_at", "closed_at", "description", "address",
)  # fmt: skip


class ExportQuery(CasesQuery):
    """Which cases, as in their list, and how they are written."""

    format: SheetFormat = SheetFormat.XLSX


@router.get("/cases/export", openapi_extra=described(query=ExportQuery))
async def export(request: Request) -> Response:
    """Every case of the list, with codes as the contract has them and times of Asia/Shanghai; nobody's contact."""
    here, token, checked = house(request), bearer(request), query(request, ExportQuery)
    await here.database.read(token.actor)
    wanted = checked.demand()
    listed = CasesQuery.model_construct(**{name: getattr(wanted, name) for name in CasesQuery.model_fields})
    sheet = Sheet(name="cases", title="cases", columns=COLUMNS, wide=frozenset({COLUMNS.index("description")}))
    return await given_out(here, sheet, wanted.format, case_pages(here, token, listed, _cells), now())


def _cells(rows: Sequence[Mapping[str, Any]]) -> Rows:
    return [[_cell(row[name]) for name in COLUMNS] for row in rows]


def _cell(value: Any) -> Any:
    return int(value) if isinstance(value, bool) else value
