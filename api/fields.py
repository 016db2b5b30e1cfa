"""Kinds of fields: text, codes, instants, phones. What is refused here carries a code of its own."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, Final

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType
from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Strict
from pydantic_core import PydanticCustomError

from domain.errors import Refused
from domain.intake import check_name, check_text

LABEL: Final = 200
NOTE: Final = 4_000
STORY: Final = 20_000

_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = datetime(2200, 1, 1, tzinfo=UTC)
_PERSONAL = frozenset(
    {
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
        PhoneNumberType.VOIP,
        PhoneNumberType.PERSONAL_NUMBER,
    }
)
_OF_OFFICES = frozenset({PhoneNumberType.TOLL_FREE, PhoneNumberType.SHARED_COST, PhoneNumberType.UAN})


class Contract(BaseModel):
    """A body. Strict types, no unknown fields."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True, frozen=True)


def fault(code: str) -> PydanticCustomError:
    """What a validator raises; ``code`` comes out as the field's code."""
    return PydanticCustomError(code, "refused")


def text(maximum: int, *, empty: bool = False) -> Callable[[str], str]:
    """A check of text: trimmed, no control characters, at most ``maximum`` characters, not empty unless it may be."""

    def check(value: str) -> str:
        try:
            return check_text(value, maximum, field="", empty_allowed=empty)
        except Refused as refused:
            raise fault(refused.code) from None

    return check


def name(maximum: int) -> Callable[[str], str]:
    """A check of names: as ``text``, and nothing that turns the direction of writing."""

    def check(value: str) -> str:
        try:
            return check_name(value, maximum, field="")
        except Refused as refused:
            raise fault(refused.code) from None

    return check


def _instant_shape(value: Any) -> Any:
    # pydantic would read a number, or a string of digits, as seconds since 1970
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or len(value) < 11 or value[10] not in "Tt ":
        raise fault("instant_malformed")
    return value


def _utc(value: datetime) -> datetime:
    try:
        moment = value.astimezone(UTC)
    except OverflowError:
        raise fault("instant_out_of_range") from None
    if not _EARLIEST <= moment < _LATEST:
        raise fault("instant_out_of_range")
    return moment


def phone(value: str) -> str:
    """A number at which a person can be reached, as E.164 (with extension, if any).

    Mainland Chinese mobile and landline numbers, others with their +country code. Public short numbers, hotlines and
    service numbers are no contact of a person: ``phone_invalid``.
    """
    number = _parsed(value)
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) not in _PERSONAL:
        raise fault("phone_invalid")
    dialled = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return f"{dialled};ext={number.extension}" if number.extension else dialled


def public_phone(value: str) -> str:
    """As ``phone``, or a number at which an office is reached: 110, 12345, 95xxx, 400 and 800 lines, as it is dialled.

    For enterprises and organisations, whose contact may be a switchboard. Raises like ``phone``.
    """
    try:
        return phone(value)
    except PydanticCustomError:
        number = _parsed(value)
        short = phonenumbers.is_valid_short_number_for_region(number, "CN")
        if not short and phonenumbers.number_type(number) not in _OF_OFFICES:
            raise
        return phonenumbers.national_significant_number(number)


def _parsed(value: str) -> phonenumbers.PhoneNumber:
    try:
        return phonenumbers.parse(value.replace("转", " ext. "), "CN")
    except phonenumbers.NumberParseException:
        raise fault("phone_invalid") from None


Code = Annotated[str, AfterValidator(text(64))]
"""A code of the rulebook, a unit, a grid, a username: whether it is known is found out where it is looked up."""

Label = Annotated[str, AfterValidator(text(LABEL))]
Name = Annotated[str, AfterValidator(name(LABEL))]
"""What a person, a unit or a place is called."""

Words = Annotated[str, AfterValidator(text(NOTE))]
Note = Annotated[str, AfterValidator(text(NOTE, empty=True))]
Story = Annotated[str, AfterValidator(text(STORY))]
Moment = Annotated[AwareDatetime, Strict(False), BeforeValidator(_instant_shape), AfterValidator(_utc)]
Phone = Annotated[str, AfterValidator(text(40)), AfterValidator(phone)]
PublicPhone = Annotated[str, AfterValidator(text(40)), AfterValidator(public_phone)]
