"""A report as it comes in (A1). Shapes only; whether it is acceptable is ``domain.intake``."""

from typing import Annotated

from pydantic import Field

from api.fields import STORY, Contract, Moment
from domain.vocabulary import Source


class Point(Contract):
    """A WGS-84 point, in degrees."""

    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
    lon: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]


class PlaceIn(Contract):
    """Where it is: at least one of the three."""

    grid: str | None = None
    point: Point | None = None
    address: str | None = None


class ReporterIn(Contract):
    """Who reports. ``disclose``: the unit may see who it was."""

    name: str | None = None
    phone: str | None = None
    anonymous: bool = False
    disclose: bool = False


class IncidentIn(Contract):
    """A report. ``danger``: violence or danger to life (A11)."""

    category: str
    description: str
    place: PlaceIn
    reporter: ReporterIn | None = None
    source: Source
    occurred_at: Moment | None = None
    danger: bool = False


class SimilarIn(Contract):
    """A report as far as it is typed; nobody needs to know who reports."""

    category: str | None = None
    description: Annotated[str, Field(max_length=STORY)] = ""
    place: PlaceIn | None = None
    occurred_at: Moment | None = None
    danger: bool = False
