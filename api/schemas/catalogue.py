"""Query strings of the catalogue of service items."""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from api.fields import LABEL, Code, Contract, text
from api.schemas.queries import Cursor, Limit
from rulebook.catalogue.chart import Language
from rulebook.catalogue.shown import ChartFormat


def _plus(value: object) -> object:
    # a "+" that was not escaped arrives as a space, and no name of a version has one
    return value.replace(" ", "+") if isinstance(value, str) else value


Version = Annotated[Code, BeforeValidator(_plus)]
Sought = Annotated[str, AfterValidator(text(LABEL, empty=True))]


class CatalogueQuery(Contract):
    """Which items. ``q``: name, code, keyword, pinyin, initials, English. ``version``: default the one in force."""

    q: Sought = ""
    line: Code | None = None
    version: Version | None = None
    limit: Limit | None = None
    cursor: Cursor | None = None


class ItemQuery(Contract):
    """An item as which version has it; default the one in force."""

    version: Version | None = None


class ChartQuery(Contract):
    """The flow chart of an item."""

    version: Version | None = None
    format: ChartFormat = ChartFormat.SVG
    lang: Language = Language.CHINESE


class DiffQuery(Contract):
    """From one version to another."""

    from_: Annotated[Version, Field(alias="from")]
    to: Version
