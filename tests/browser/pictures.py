"""Which pictures are taken of which pages: ``make screenshots`` takes them, a test looks whether they are there."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from settings import ROOT

FOLDER: Path = ROOT / "docs" / "images"
LARGEST = 120_000
LARGEST_OF_ALL = 1_500_000
"""Bytes of one picture, and of all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One page as somebody sees it; ``who`` None: a resident. In braces: what is found out when the day is played."""

    name: str
    path: str
    who: str | None = "supervisor"
    width: int = 1280
    height: int = 860
    dark: bool = False
    language: str = "zh-CN"
    printed: bool = False

    @property
    def file(self) -> Path:
        """Where it is kept."""
        return FOLDER / f"{self.name}.png"


A_SLIP: Final[dict[str, Any]] = {"width": 760, "height": 320, "printed": True}

PICTURES = (
    Picture(name="board", path="/board"),
    Picture(name="board-dark", path="/board", dark=True),
    Picture(name="board-english", path="/board", language="en"),
    Picture(name="case", path="/cases/{red}", height=1100),
    Picture(name="case-list", path="/cases?light=red&status=in_progress"),
    Picture(name="work-list", path="/work", who="handler"),
    Picture(name="triage", path="/triage"),
    Picture(name="extensions", path="/extensions"),
    Picture(name="interviews", path="/interviews", who="organization_officer"),
    Picture(
        name="interview-notice",
        path="/interviews/{interview}",
        who="organization_officer",
        width=760,
        height=320,
        printed=True,
    ),
    Picture(name="accountability", path="/accountability", who="discipline_officer"),
    Picture(name="units", path="/units"),
    Picture(name="trends", path="/trends"),
    Picture(name="unit-points", path="/units/urban-management", who="unit_leader"),
    Picture(name="accounts", path="/admin/accounts", who="administrator"),
    Picture(name="rulebook", path="/admin/rulebook", who="administrator"),
    Picture(name="calendar", path="/admin/calendar/2026", who="administrator"),
    Picture(name="incident", path="/desk/incident", who="intake_clerk"),
    Picture(name="items", path="/items?q=cxjm", who="intake_clerk"),
    Picture(name="apply", path="/items/{item}", who="intake_clerk", height=1100),
    Picture(name="request", path="/cases/{request}", height=1100),
    Picture(name="receipt", path="/cases/{request}/receipt", who="intake_clerk"),
    Picture(name="tracking", path="/track/{request}?code={code}", who=None, width=390, height=844),
    Picture(name="officer-phone", path="/officer", who="grid_officer", width=390, height=844),
    Picture(name="officer-report-phone", path="/officer/report", who="grid_officer", width=390, height=844),
    Picture(name="work-list-phone", path="/work", who="handler", width=390, height=844),
)
