"""The shape of rulebook files: one pydantic model a file, with a schema number. Unknown keys are refused.

The district's file is in ``rulebook.district_schema``. What refers to what is checked in ``rulebook.references``; the
values are made in ``rulebook.load``.
"""

from datetime import date, time, timedelta
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, model_validator
from pydantic_core import PydanticCustomError

from domain.errors import Unprocessable
from domain.standings import Trait
from domain.vocabulary import Audience
from domain.worktime import Limit


def _limit(value: Any) -> Limit:
    try:
        return Limit.parse(value if isinstance(value, str) else "")
    except Unprocessable as fault:
        raise PydanticCustomError("limit", "a limit such as '30 minutes', '4 working hours' or '5 days'") from fault


def _elapsed(limit: Limit) -> Limit:
    if not limit.is_elapsed:
        raise PydanticCustomError("elapsed_limit", "a limit in seconds, minutes or hours, which runs day and night")
    return limit


def _time(value: Any) -> Any:
    if isinstance(value, str) and len(value) == len("09:00"):
        return value
    raise PydanticCustomError("time_of_day", "a time of day such as 09:00")


FIRST_YEAR: Final = 1949
LAST_YEAR: Final = 2200


def _iso_date(value: Any) -> date:
    try:
        day = date.fromisoformat(value)
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValueError(value)
        return day
    except (TypeError, ValueError) as fault:
        raise PydanticCustomError("iso_date", "a date such as 2026-01-31") from fault


LimitText = Annotated[Limit, PlainValidator(_limit)]
ElapsedText = Annotated[Limit, PlainValidator(_limit), AfterValidator(_elapsed)]
TimeText = Annotated[time, Field(strict=False), BeforeValidator(_time)]
DateText = Annotated[date, PlainValidator(_iso_date)]
Code = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Words = Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S")]
Count = Annotated[int, Field(ge=0, le=1000)]
Size = Annotated[int, Field(ge=1)]
Percent = Annotated[int, Field(ge=1, le=100)]
Schema = Literal[1]


class FileModel(BaseModel):
    """Strict: text is text, numbers are numbers, nothing unknown."""

    model_config = ConfigDict(extra="forbid", strict=True, arbitrary_types_allowed=True)


class RungModel(FileModel):
    """One rung of a ladder."""

    name: Words
    after: ElapsedText
    tell: Annotated[list[Annotated[Audience, Field(strict=False)]], Field(min_length=1)]


class LadderModel(FileModel):
    """Rungs in order, the last one repeated."""

    rungs: Annotated[list[RungModel], Field(min_length=1)]
    repeat: ElapsedText


class ClocksModel(FileModel):
    """All clocks; see ``domain.rulebook.Clocks``. ``extension_lead: null`` means no extension."""

    acknowledgement: ElapsedText
    ack_warning: Percent
    extension_lead: LimitText | None
    extension_reminder: LimitText
    extensions: Count
    higher_extensions: Count
    yellow_lead: LimitText
    yellow_share: Percent
    points: Count
    appeal: LimitText
    convene: LimitText
    minutes: LimitText
    check: LimitText
    findings: LimitText
    decision: LimitText
    urging: ElapsedText
    triage: ElapsedText
    return_within: ElapsedText
    verification: LimitText
    answer: LimitText


class OwnClocksModel(FileModel):
    """The clocks that a category has for itself; the others are the rulebook's."""

    acknowledgement: ElapsedText | None = None
    ack_warning: Percent | None = None
    extension_lead: LimitText | None = None
    extension_reminder: LimitText | None = None
    extensions: Count | None = None
    higher_extensions: Count | None = None
    yellow_lead: LimitText | None = None
    yellow_share: Percent | None = None
    points: Count | None = None
    appeal: LimitText | None = None
    convene: LimitText | None = None
    minutes: LimitText | None = None
    check: LimitText | None = None
    findings: LimitText | None = None
    decision: LimitText | None = None
    urging: ElapsedText | None = None
    triage: ElapsedText | None = None
    return_within: ElapsedText | None = None
    verification: LimitText | None = None
    answer: LimitText | None = None

    @model_validator(mode="after")
    def _only_extensions_can_be_none(self) -> Self:
        for name in self.model_fields_set - {"extension_lead"}:
            if getattr(self, name) is None:
                raise PydanticCustomError("no_clock", "a value for every clock but extension_lead, which may be null")
        return self


class ServicesModel(FileModel):
    """What service requests live under; see ``domain.rulebook.Services``. ``clocks``: in place of the general ones."""

    clocks: OwnClocksModel = OwnClocksModel()
    acknowledgement_in_office_hours: bool
    materials_window: LimitText
    handoff_within: LimitText
    chase: ElapsedText
    redos: Count


class DangerModel(FileModel):
    """Danger to life."""

    acknowledgement: ElapsedText
    unit: Code
    ladder: LadderModel


class PeriodModel(FileModel):
    """One period of office hours."""

    opens: TimeText
    closes: TimeText


class CalendarModel(FileModel):
    """Which years' notices are in ``calendar.csv``."""

    version: Words
    first_year: Annotated[int, Field(ge=1949, le=2200)]
    last_year: Annotated[int, Field(ge=1949, le=2200)]


class AttachmentsModel(FileModel):
    """What may be attached."""

    max_bytes: Size
    max_count: Size
    media_types: Annotated[list[Words], Field(min_length=1)]


class TextsModel(FileModel):
    """How long texts may be, in characters."""

    description: Size
    note: Size
    result: Size
    name: Size
    address: Size


class StandingsModel(FileModel):
    """Which units are comparable, and from how many judged cases on one is ranked; see ``domain.standings``."""

    least_judged: Annotated[int, Field(ge=1, le=1000)] = 5
    compare_by: Annotated[list[Annotated[Trait, Field(strict=False)]], Field(min_length=1)] = [Trait.KIND, Trait.PARENT]


def _span(limit: Limit) -> timedelta:
    """A length of time that needs no calendar: a day is 24 hours."""
    if limit.in_working_time:
        raise PydanticCustomError("span", "a length of time in seconds, minutes, hours or days")
    return limit.elapsed if limit.is_elapsed else timedelta(days=limit.amount)


SpanText = Annotated[timedelta, PlainValidator(lambda value: _span(_limit(value)))]


class WeightsModel(FileModel):
    """What speaks for a duplicate, and how much."""

    words: Count = 40
    place: Count = 30
    category: Count = 20
    time: Count = 10


class DuplicatesModel(FileModel):
    """When a case is offered as a probable duplicate; see ``domain.duplicates.DuplicateRules``."""

    weights: WeightsModel = WeightsModel()
    least: Percent = 50
    most: Annotated[int, Field(ge=1, le=20)] = 5
    reach: Annotated[int, Field(ge=1, le=10_000)] = 300
    looked_back: SpanText = timedelta(days=60)
    closed_within: SpanText = timedelta(days=14)
    half_life: SpanText = timedelta(days=3)
    ignored: list[Words] = []


class RulebookModel(FileModel):
    """rulebook.yaml."""

    schema_: Annotated[Schema, Field(alias="schema")]
    extends: Words | None = None
    name: Words
    version: Words
    effective_from: DateText
    clocks: ClocksModel
    services: ServicesModel
    ack_ladder: LadderModel
    danger: DangerModel
    office_hours: Annotated[list[PeriodModel], Field(min_length=1)]
    calendar: CalendarModel
    attachments: AttachmentsModel
    texts: TextsModel
    standings: StandingsModel = StandingsModel()
    duplicates: DuplicatesModel = DuplicatesModel()


class GroupModel(FileModel):
    """A group of categories."""

    code: Code
    name: Words
    name_en: Words


class CategoryModel(FileModel):
    """A category of incidents."""

    code: Code
    name: Words
    name_en: Words
    group: Code
    limit: LimitText
    clocks: OwnClocksModel = OwnClocksModel()
    danger: bool = False
    protected: bool = False


class CategoriesModel(FileModel):
    """categories.yaml."""

    schema_: Annotated[Schema, Field(alias="schema")]
    groups: Annotated[list[GroupModel], Field(min_length=1)]
    categories: Annotated[list[CategoryModel], Field(min_length=1)]


class RouteModel(FileModel):
    """A routing rule. ``unit: community`` sends to the community of the grid."""

    name: Code
    unit: Code
    category: Code | None = None
    group: Code | None = None
    grid: Code | None = None
    community: Code | None = None


class RoutingModel(FileModel):
    """routing.yaml."""

    schema_: Annotated[Schema, Field(alias="schema")]
    rules: list[RouteModel]
