"""The catalogue of service items as values: versions with effective dates, items, materials, steps (B1, B6, B11).

Everything here is data that an administrator changes; files and their checks are the package ``rulebook``. How an item
becomes the flow of one case is ``domain.catalogue.flow``; what differs between versions ``domain.catalogue.diff``.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from domain.errors import Unprocessable
from domain.limits import Limit
from domain.service.flow import Condition
from domain.vocabulary import OutcomeEffect, StepKind


class ItemKind(StrEnum):
    """What kind of power or service an item is, as the lists of powers call it."""

    LICENCE = "licence"
    CONFIRMATION = "confirmation"
    PAYMENT = "payment"
    REWARD = "reward"
    RULING = "ruling"
    COLLECTION = "collection"
    OTHER_POWER = "other_power"
    PUBLIC_SERVICE = "public_service"


class ApplicantKind(StrEnum):
    """Who may apply."""

    PERSON = "person"
    SELF_EMPLOYED = "self_employed"
    ENTERPRISE = "enterprise"
    ORGANIZATION = "organization"


class HolderKind(StrEnum):
    """How the holder of a step is named: a unit, the street's unit of a line, or the community of the place (B7)."""

    UNIT = "unit"
    LINE = "line"
    COMMUNITY = "community"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A vertical line of departments."""

    code: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who holds a step, before it is known for whom. ``code``: of the unit or line; None for the community."""

    kind: HolderKind
    code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeRule:
    """An outcome that a step may have, and what it does to the whole."""

    code: str
    name: str
    name_en: str
    effect: OutcomeEffect


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRule:
    """A step of an item.

    limit                          of an inside step (B3)
    reference_min, reference_max   of an outside step, which nobody here can be held to (B4)
    after                          keys of the steps that come before; none: it opens when the request is accepted
    connector                      by which an outside step is handed over; None: by hand or by file (B8)
    """

    key: str
    name: str
    name_en: str
    kind: StepKind
    holder: Holder
    limit: Limit | None = None
    reference_min: Limit | None = None
    reference_max: Limit | None = None
    after: tuple[str, ...] = ()
    only_if: Condition | None = None
    outcomes: tuple[OutcomeRule, ...] = ()
    connector: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialRule:
    """A material of an item.

    required    it has to be there; else it may be
    may_follow  handed in later: the request runs without it, but is not approved without it
    only_for    asked of these applicants only; none: of all
    by_proxy    asked only when somebody applies on behalf of another
    copies      how many; ``original`` whether the original is kept or seen
    """

    code: str
    name: str
    name_en: str
    required: bool = True
    may_follow: bool = False
    only_for: tuple[ApplicantKind, ...] = ()
    by_proxy: bool = False
    copies: int = 1
    original: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """What an item costs: ``amount`` in fen, for each ``per``."""

    amount: int
    per: str
    per_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemResult:
    """What the applicant gets. ``valid_for``: how long it holds; None: without end."""

    code: str
    name: str
    name_en: str
    valid_for: Limit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A service item. One without ``promised`` limit is a draft: it can be looked up, but not accepted.

    legal, promised  the limit of the law and the one that is promised, which is the clock (B11)
    who, who_en      who may apply, in words; ``applicants`` as a closed set
    proxy            whether somebody may apply on behalf of another
    fee              None: free
    """

    code: str
    name: str
    name_en: str
    line: str
    kind: ItemKind
    legal: Limit | None = None
    promised: Limit | None = None
    applicants: tuple[ApplicantKind, ...] = (ApplicantKind.PERSON,)
    who: str = ""
    who_en: str = ""
    proxy: bool = True
    fee: Fee | None = None
    materials: tuple[MaterialRule, ...] = ()
    steps: tuple[StepRule, ...] = ()
    results: tuple[ItemResult, ...] = ()
    keywords: tuple[str, ...] = ()

    @property
    def is_draft(self) -> bool:
        """Whether it lacks what a promise needs."""
        return self.promised is None or not self.steps

    def step(self, key: str) -> StepRule | None:
        """The step with this key."""
        return next((step for step in self.steps if step.key == key), None)

    def material(self, code: str) -> MaterialRule | None:
        """The material with this code."""
        return next((material for material in self.materials if material.code == code), None)

    def asked_of(self, applicant: ApplicantKind, *, by_proxy: bool = False) -> tuple[MaterialRule, ...]:
        """The checklist for such an applicant."""
        return tuple(
            material
            for material in self.materials
            if (not material.only_for or applicant in material.only_for) and (by_proxy or not material.by_proxy)
        )

    def demand_known(self, codes: Iterable[str]) -> None:
        """Raises Unprocessable("material_unknown") when a code is of no material of this item."""
        if not {material.code for material in self.materials}.issuperset(codes):
            raise Unprocessable("material_unknown", field="materials")


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueVersion:
    """The items that were in force from a day on. ``effective_to``: the last day; None: until a later version.

    ``version`` includes the digest of the items, so that equal versions are equal.
    """

    version: str
    effective_from: date
    effective_to: date | None
    lines: tuple[Line, ...]
    items: tuple[Item, ...]

    def in_force(self, on: date) -> bool:
        """Whether it counts for what is received on that day (in Asia/Shanghai)."""
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)


@dataclass(frozen=True)
class Catalogue:
    """All versions that the files know, oldest first. A running case looks its own up by name (B6)."""

    versions: tuple[CatalogueVersion, ...]
    _items: dict[tuple[str, str], Item] = field(init=False, repr=False, compare=False)
    _versions: dict[str, CatalogueVersion] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        ordered = tuple(sorted(self.versions, key=lambda version: version.effective_from))
        object.__setattr__(self, "versions", ordered)
        object.__setattr__(self, "_versions", {version.version: version for version in ordered})
        named = {(version.version, item.code): item for version in ordered for item in version.items}
        object.__setattr__(self, "_items", named)

    def in_force(self, on: date) -> CatalogueVersion:
        """The version for what is received on that day. Raises Unprocessable("catalogue_not_in_force")."""
        for version in reversed(self.versions):
            if version.in_force(on):
                return version
        raise Unprocessable("catalogue_not_in_force", field="item")

    def version(self, name: str) -> CatalogueVersion | None:
        """The version of this name."""
        return self._versions.get(name)

    def item(self, code: str, on: date) -> Item:
        """The item as it counts on that day.

        Raises Unprocessable("item_unknown"), or ("item_no_longer_valid") when only another version has it.
        """
        version = self.in_force(on)
        found = self._items.get((version.version, code))
        if found is not None:
            return found
        elsewhere = any((other.version, code) in self._items for other in self.versions)
        raise Unprocessable("item_no_longer_valid" if elsewhere else "item_unknown", field="item")

    def acceptable(self, code: str, on: date) -> Item:
        """The item, when a request for it can be accepted on that day.

        Raises as ``item``, and Unprocessable("item_without_limit") for a draft.
        """
        found = self.item(code, on)
        if found.is_draft:
            raise Unprocessable("item_without_limit", field="item")
        return found

    def item_of(self, version: str, code: str) -> Item | None:
        """The item as a version has it: what a running case is under."""
        return self._items.get((version, code))
