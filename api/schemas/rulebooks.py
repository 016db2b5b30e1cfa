"""Bodies and query strings of the rulebook's versions."""

import re
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field

from api.fields import Code, Contract, Label, fault

_NAME: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,38}[A-Za-z0-9])?")
MOST_CATEGORIES: Final = 500


def version_name(value: str) -> str:
    """The name of a version before its digest."""
    if not _NAME.fullmatch(value):
        raise fault("rulebook_name_malformed")
    return value


VersionName = Annotated[str, AfterValidator(version_name)]
Setting = Annotated[str, Field(max_length=60)] | int | bool | None
"""What a rule is set to: the rulebook's own schema says what it takes."""

Settings = Annotated[dict[Annotated[str, Field(max_length=60)], Setting], Field(max_length=60)]


class CompareQuery(Contract):
    """Which two versions; without ``from`` the one in force."""

    from_: Annotated[Label | None, Field(alias="from")] = None
    to: Label


class CategoryRevision(Contract):
    """What of a category is to change: its limit, and its own clocks, which ``general`` takes away."""

    limit: Annotated[str, Field(max_length=60)] | None = None
    clocks: Settings = Field(default_factory=dict)


class ServicesRevision(Contract):
    """What of service requests is to change."""

    clocks: Settings = Field(default_factory=dict)
    settings: Settings = Field(default_factory=dict)


class RevisionIn(Contract):
    """A version made of another by changing values.

    based_on  default: the version in force
    draft     keep it, and put it in force later
    """

    version: VersionName
    based_on: Label | None = None
    name: Label | None = None
    effective_from: Annotated[str, Field(max_length=40)] | None = None
    draft: bool = False
    clocks: Settings = Field(default_factory=dict)
    services: ServicesRevision = Field(default_factory=ServicesRevision)
    categories: Annotated[dict[Code, CategoryRevision], Field(max_length=MOST_CATEGORIES)] = Field(default_factory=dict)

    def changes(self) -> dict[str, Any]:
        """As ``rulebook.drafts.derived`` takes them."""
        categories = {
            code: {**({"limit": given.limit} if given.limit is not None else {}), "clocks": dict(given.clocks)}
            for code, given in self.categories.items()
        }
        return {
            "clocks": dict(self.clocks),
            "services": {**self.services.settings, "clocks": dict(self.services.clocks)},
            "categories": categories,
        }


class ScheduleIn(Contract):
    """From when on a version counts: an instant, a day (its beginning in Asia/Shanghai), or ``now``."""

    effective_from: Annotated[str, Field(max_length=40)] | None = None
