"""Applications for the rehearsal's items. Whoever applies is made up: the number has no bearer."""

from typing import Any

from domain.identity import check_digit

FIRST = "51090119800101001"
ID_NUMBER = FIRST + check_digit(FIRST)
"""Of a made-up person; the check digit is right."""


def application(**changes: Any) -> dict[str, Any]:
    """An acceptable application for the five steps, with these changes."""
    return {
        "item": "rehearsal-service",
        "applicant": {"name": "李某某", "id_number": ID_NUMBER, "phone": "13800138000"},
        "materials": ["rehearsal-form", "rehearsal-photo"],
        **changes,
    }


def applicant(**changes: Any) -> dict[str, Any]:
    """The applicant, with these changes."""
    return {**application()["applicant"], **changes}
