"""An application for a service item as it comes in, and the commands of service requests (B1, B5, B8, B9)."""

from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field

from api.fields import LABEL, NOTE, Code, Contract, Name, Note, Phone, PublicPhone, Words, fault, text
from api.forms import FormFormat
from domain.catalogue.items import ApplicantKind
from domain.identity import LONGEST, IdentityKind

MOST_FIELDS: Final = 100
MOST_MATERIALS: Final = 60
LARGEST: Final = 1e15


def _each_once(value: list[str]) -> list[str]:
    if len(set(value)) != len(value):
        raise fault("material_twice")
    if len(value) > MOST_MATERIALS:
        raise fault("material_unknown")
    return value


def _form(value: dict[str, Any]) -> dict[str, Any]:
    if len(value) > MOST_FIELDS:
        raise fault("form_too_large")
    return {_name(name): _filled(given) for name, given in value.items()}


def _filled(given: Any) -> Any:
    """Text, a number, yes or no, or nothing: a form has no fields within fields."""
    if isinstance(given, str):
        return _text(given)
    if given is None or isinstance(given, bool):
        return given
    if not isinstance(given, int | float) or not abs(given) < LARGEST:  # nor one that is no number
        raise fault("form_value_malformed")
    return given


_name = text(64)
_text = text(NOTE, empty=True)

Number = Annotated[str, Field(max_length=LONGEST)]
Materials = Annotated[list[Code], AfterValidator(_each_once)]
Form = Annotated[dict[str, Any], AfterValidator(_form)]


class PersonIn(Contract):
    """Somebody with a paper. Without ``id_type`` the number tells what paper it is of."""

    name: Name
    id_type: IdentityKind | None = None
    id_number: Number
    phone: Phone | None = None


class ApplicantIn(PersonIn):
    """Who applies. For an enterprise or organisation: the person who signs for it; its own data are in the form.

    ``phone`` may be a public number then (95xxx, 400 lines): a switchboard is an answer there.
    """

    kind: ApplicantKind = ApplicantKind.PERSON
    phone: PublicPhone | None = None
    address: Annotated[str, AfterValidator(text(LABEL, empty=True))] | None = None


class ProxyIn(PersonIn):
    """Who comes in the applicant's place, and as what (a daughter, an agent)."""

    relation: Name


class ServiceRequestIn(Contract):
    """An application. ``catalogue_version``: the one that the clerk looked at; refused when another is in force."""

    item: Code
    catalogue_version: Code | None = None
    applicant: ApplicantIn
    materials: Annotated[Materials, Field(default_factory=list)]
    on_behalf_of: ProxyIn | None = None
    form: Annotated[Form, Field(default_factory=dict)]
    grid: Code | None = None


class MaterialsIn(Contract):
    """The materials that were brought (B9)."""

    codes: Materials
    note: Note = ""


class MaterialsRequestIn(Contract):
    """The materials that are missing, all of them: they are asked for once (B9)."""

    codes: Materials
    note: Note


class StepCompletionIn(Contract):
    """How a step ended (B3, B4, B8). A refusal says why, and what can be done."""

    outcome: Code
    note: Note = ""


class HandoffIn(Contract):
    """Under which reference the outside has it (B8)."""

    reference: Words


class FormQuery(Contract):
    """How the form is to be written."""

    format: FormFormat = FormFormat.JSON
