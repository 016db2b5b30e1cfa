"""What must be refused, and with which code: the table that the tests read."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from tests.api.applications import applicant, application
from tests.api.served import report

JSON = "application/json"


@dataclass(frozen=True)
class Bad:
    """A body that is refused with ``status`` and ``code``; ``field``: the one at fault."""

    name: str
    body: Any
    code: str
    status: int = 422
    field: str | None = None
    content_type: str = JSON

    def __str__(self) -> str:
        return self.name


def _without(name: str) -> dict[str, Any]:
    return {key: value for key, value in report().items() if key != name}


POINT = {"lat": 30.405, "lon": 105.105}

BAD_REPORTS = (
    Bad("unknown category", report(category="no-such"), "category_unknown", field="category"),
    Bad("category is a number", report(category=7), "text_expected", field="category"),
    Bad("no category", _without("category"), "field_required", field="category"),
    Bad("unknown grid", report(place={"grid": "no-such"}), "grid_unknown", field="place.grid"),
    Bad("outside every grid", report(place={"point": {"lat": 0, "lon": 0}}), "place_outside_grids",
        field="place.point"),
    Bad("no place", report(place={}), "place_missing", field="place"),
    Bad("latitude beyond the pole", report(place={"point": {**POINT, "lat": 91}}), "out_of_range",
        field="place.point.lat"),
    Bad("longitude is not a number", b'{"place": {"point": {"lat": 1, "lon": NaN}}}', "invalid_fields"),
    Bad("longitude is text", report(place={"point": {**POINT, "lon": "105"}}), "number_expected",
        field="place.point.lon"),
    Bad("half a point", report(place={"point": {"lat": 30.4}}), "field_required", field="place.point.lon"),
    Bad("empty text", report(description=""), "text_empty", field="description"),
    Bad("blank text", report(description=" \n\t　"), "text_empty", field="description"),
    Bad("100 kB of text", report(description="长" * 34_000), "text_too_long", field="description"),
    Bad("a name that turns the writing", report(reporter={"name": "王\u202e某", "phone": "13800138000"}),
        "text_direction_characters", field="reporter.name"),
    Bad("NUL in text", report(description="灯\x00坏"), "text_control_characters", field="description"),
    Bad("control characters", report(description="灯\x1b[31m坏"), "text_control_characters", field="description"),
    Bad("control character in a name", report(reporter={"name": "王\x07", "phone": "13800138000"}),
        "text_control_characters", field="reporter.name"),
    Bad("no contact", report(reporter={"name": "王某某"}), "reporter_contact_missing", field="reporter.phone"),
    Bad("no reporter", _without("reporter"), "reporter_contact_missing", field="reporter"),
    Bad("phone nonsense", report(reporter={"name": "王某某", "phone": "不知道"}), "phone_invalid",
        field="reporter.phone"),
    Bad("phone too short", report(reporter={"name": "王某某", "phone": "138001"}), "phone_invalid",
        field="reporter.phone"),
    Bad("phone is a hotline", report(reporter={"name": "王某某", "phone": "12345"}), "phone_invalid",
        field="reporter.phone"),
    Bad("phone is the police", report(reporter={"name": "王某某", "phone": "110"}), "phone_invalid",
        field="reporter.phone"),
    Bad("occurs in the future", report(occurred_at="2199-01-01T00:00:00+08:00"), "occurred_in_future",
        field="occurred_at"),
    Bad("instant without offset", report(occurred_at="2026-01-01T00:00:00"), "instant_without_offset",
        field="occurred_at"),
    Bad("instant in digits", report(occurred_at="1700000000"), "instant_malformed", field="occurred_at"),
    Bad("instant as a number", report(occurred_at=1700000000), "instant_malformed", field="occurred_at"),
    Bad("instant beyond the calendar", report(occurred_at="9999-12-31T23:59:59-10:00"), "instant_out_of_range",
        field="occurred_at"),
    Bad("unknown source", report(source="fax"), "value_unknown", field="source"),
    Bad("danger in words", report(danger="yes"), "boolean_expected", field="danger"),
    Bad("a field nobody knows", report(colour="red"), "field_unknown", field="colour"),
    Bad("a list", b"[]", "object_expected"),
    Bad("null", b"null", "object_expected"),
    Bad("no body", b"", "malformed_json", 400),
    Bad("cut off", b'{"category": "reh', "malformed_json", 400),
    Bad("invalid UTF-8", b'{"category": "\xff\xfe"}', "malformed_json", 400),
    Bad("half a surrogate pair", b'{"category": "\\ud800"}', "malformed_json", 400),
    Bad("nested without end", b'{"place": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "malformed_json", 400),
    Bad("a number without end", b'{"category": ' + b"9" * 10_000 + b"}", "malformed_json", 400),
    Bad("too large", b'{"description": "' + b"x" * (1 << 20) + b'"}', "body_too_large", 413),
    Bad("a form", b"category=rehearsal", "unsupported_media_type", 415,
        content_type="application/x-www-form-urlencoded"),
    Bad("no type", b"{}", "unsupported_media_type", 415, content_type=""),
    Bad("another charset", b"{}", "unsupported_media_type", 415, content_type="application/json; charset=gbk"),
)  # fmt: skip
"""For ``POST /incidents``, by somebody who may."""

BAD_COMMANDS = (
    Bad("handler of another unit", ("acknowledgement", {"handler": "handler", "plan": "去"}), "handler_unknown",
        field="handler"),
    Bad("handler is nobody", ("acknowledgement", {"handler": "nobody", "plan": "去"}), "handler_unknown",
        field="handler"),
    Bad("handler is a clerk", ("acknowledgement", {"handler": "intake_clerk", "plan": "去"}), "handler_unknown",
        field="handler"),
    Bad("empty plan", ("acknowledgement", {"handler": "rehearsal.handler", "plan": " "}), "text_empty", field="plan"),
    Bad("no plan", ("acknowledgement", {"handler": "rehearsal.handler"}), "field_required", field="plan"),
    Bad("forwarded", ("completion", {"result": "已转办"}), "answer_without_content", field="result"),
    Bad("forwarded in English", ("completion", {"result": "Forwarded to the department."}), "answer_without_content",
        field="result"),
    Bad("only a date", ("completion", {"result": "2026年11月23日"}), "answer_without_content", field="result"),
    Bad("empty result", ("completion", {"result": ""}), "answer_without_content", field="result"),
    Bad("control characters in a note", ("progress", {"note": "\x00"}), "text_control_characters", field="note"),
    Bad("note too long", ("progress", {"note": "长" * 34_000}), "text_too_long", field="note"),
    Bad("extension without a reason", ("extensions", {"until": "2199-01-01T00:00:00Z", "reason": ""}), "text_empty",
        field="reason"),
    Bad("extension to an earlier date", ("extensions", {"until": "2026-01-01T00:00:00Z", "reason": "等"}),
        "extension_not_later", field="until"),
    Bad("extension to no date", ("extensions", {"until": "tomorrow", "reason": "等"}), "instant_malformed",
        field="until"),
    Bad("a field nobody knows", ("return", {"reason": "不归我管", "unit": "x"}), "field_unknown", field="unit"),
)  # fmt: skip
"""For ``POST /cases/{number}/…`` by the unit that holds the case: refused before the engine is asked."""

BAD_PARTS = (
    Bad("assistance by no unit", ("assistance", {"unit": "no-such"}), "unit_unknown", field="unit"),
    Bad("assistance by nobody", ("assistance", {"note": ""}), "field_required", field="unit"),
    Bad("assistance with a date", ("assistance", {"unit": "rehearsal-partner", "until": "2199-01-01T00:00:00Z"}),
        "field_unknown", field="until"),
    Bad("one of those who assist is no unit",
        ("dispatch", {"unit": "sanitation", "assisting": ["rehearsal-partner", "no-such"]}), "unit_unknown",
        field="assisting"),
    Bad("those who assist are no list", ("dispatch", {"unit": "sanitation", "assisting": "rehearsal-partner"}),
        "list_expected", field="assisting"),
    Bad("more assist than can be", ("dispatch", {"unit": "sanitation", "assisting": ["rehearsal-partner"] * 21}),
        "list_too_long", field="assisting"),
    Bad("a step is assisted", ("dispatch", {"unit": "sanitation", "step": "x", "assisting": ["rehearsal-partner"]}),
        "part_not_assisted", field="assisting"),
    Bad("a step that is none", ("urging", {"step": "no-such", "note": ""}), "step_unknown", field="step"),
    Bad("a step that is a number", ("urging", {"step": 1, "note": ""}), "text_expected", field="step"),
)  # fmt: skip
"""For ``POST /cases/{number}/…`` by the centre, of a case that nobody assists."""


def _looked(**changes: Any) -> dict[str, Any]:
    return {"id_number": "510108199003072518", "item": "minimum-living-allowance", **changes}


BAD_LOOKUPS = (
    Bad("no number", {"item": "minimum-living-allowance"}, "field_required", field="id_number"),
    Bad("no item", {"id_number": "E12345678"}, "field_required", field="item"),
    Bad("empty number", _looked(id_number=""), "id_number_malformed", field="id_number"),
    Bad("number of 17 digits", _looked(id_number="51010819900307251"), "id_number_malformed", field="id_number"),
    Bad("number of 19 digits", _looked(id_number="5101081990030725140"), "id_number_malformed", field="id_number"),
    Bad("letters in the middle", _looked(id_number="5101081990O3072514"), "id_number_malformed", field="id_number"),
    Bad("wrong check digit", _looked(id_number="510108199003072510"), "id_number_check_digit", field="id_number"),
    Bad("31st of February", _looked(id_number="510108199002312513"), "id_number_birth_date", field="id_number"),
    Bad("born in the future", _looked(id_number="510108209903072513"), "id_number_birth_date", field="id_number"),
    Bad("born in 1800", _looked(id_number="510108180003072513"), "id_number_birth_date", field="id_number"),
    Bad("31st of June, 15 digits", _looked(id_number="510108900631251"), "id_number_birth_date", field="id_number"),
    Bad("number as a number", _looked(id_number=510108199003072514), "text_expected", field="id_number"),
    Bad("NUL in the number", _looked(id_number="E1234\x00567"), "id_number_malformed", field="id_number"),
    Bad("endless number", _looked(id_number="1" * 5000), "text_too_long", field="id_number"),
    Bad(
        "passport said to be an identity card",
        _looked(id_number="E12345678", id_type="resident_identity_card"),
        "id_number_malformed",
        field="id_number",
    ),
    Bad("paper nobody knows", _looked(id_type="library_card"), "value_unknown", field="id_type"),
    Bad("item nobody knows", _looked(item="no-such"), "item_unknown", field="item"),
    Bad("item of last year", _looked(item="elderly-discount-card"), "item_no_longer_valid", field="item"),
    Bad("a field nobody knows", _looked(name="王某某"), "field_unknown", field="name"),
)
"""For ``POST /applicants/lookup`` by a desk."""

BAD_CATALOGUE = (
    Bad("version that never was", "/catalogue?version=1999", "catalogue_version_unknown", field="version"),
    Bad("NUL in the version", "/catalogue?version=%00", "text_control_characters", field="version"),
    Bad("line nobody knows", "/catalogue?line=nobody", "value_unknown", field="line"),
    Bad("no items a page", "/catalogue?limit=0", "out_of_range", field="limit"),
    Bad("limit in words", "/catalogue?limit=many", "integer_expected", field="limit"),
    Bad("cursor that is none", "/catalogue?cursor=abc", "cursor_invalid", field="cursor"),
    Bad("cursor of another kind", "/catalogue?cursor=WzEsMl0", "cursor_invalid", field="cursor"),
    Bad("300 characters sought", f"/catalogue?q={'长' * 300}", "text_too_long", field="q"),
    Bad("NUL sought", "/catalogue?q=%00", "text_control_characters", field="q"),
    Bad("a parameter nobody knows", "/catalogue?colour=red", "field_unknown", field="colour"),
    Bad("item nobody knows", "/catalogue/no-such-item", "not_found", 404),
    Bad("NUL in the item", "/catalogue/a%00b", "not_found", 404),
    Bad("item of last year", "/catalogue/elderly-discount-card", "item_no_longer_valid", 404),
    Bad("chart of last year's item", "/catalogue/elderly-discount-card/chart", "item_no_longer_valid", 404),
    Bad("item under no version", "/catalogue/rehearsal-service?version=1999", "catalogue_version_unknown",
        field="version"),
    Bad("chart as a picture", "/catalogue/rehearsal-service/chart?format=png", "value_unknown", field="format"),
    Bad("chart in French", "/catalogue/rehearsal-service/chart?lang=fr", "value_unknown", field="lang"),
    Bad("difference to nothing", "/catalogue/diff?from=2025", "field_required", field="to"),
    Bad("difference to no version", "/catalogue/diff?from=2025&to=2030", "catalogue_version_unknown", field="to"),
)  # fmt: skip
"""For ``GET``, by any role; the body is the path."""


def _applying(name: str) -> dict[str, Any]:
    return {key: value for key, value in application().items() if key != name}


PROXY = {"name": "李某", "relation": "女儿", "id_number": "51090119900101002X"}

BAD_APPLICATIONS = (
    Bad("unknown item", application(item="no-such"), "item_unknown", field="item"),
    Bad("no item", _applying("item"), "field_required", field="item"),
    Bad("draft item", application(item="rehearsal-service-draft"), "item_without_limit", field="item"),
    Bad("item that is no longer valid", application(item="elderly-discount-card"), "item_no_longer_valid",
        field="item"),
    Bad("version that never was", application(catalogue_version="1999"), "catalogue_version_unknown",
        field="catalogue_version"),
    Bad("material of another item", application(materials=["no-such"]), "material_unknown", field="materials"),
    Bad("material twice", application(materials=["rehearsal-form", "rehearsal-form"]), "material_twice",
        field="materials"),
    Bad("materials are no list", application(materials="rehearsal-form"), "list_expected", field="materials"),
    Bad("no applicant", _applying("applicant"), "field_required", field="applicant"),
    Bad("no name", application(applicant=applicant(name=" ")), "text_empty", field="applicant.name"),
    Bad("applicant who may not apply", application(applicant=applicant(kind="organization")),
        "applicant_not_entitled", field="applicant.kind"),
    Bad("kind of applicant that nobody knows", application(applicant=applicant(kind="ghost")), "value_unknown",
        field="applicant.kind"),
    Bad("check digit", application(applicant=applicant(id_number="510901198001010010")), "id_number_check_digit",
        field="applicant.id_number"),
    Bad("birth date", application(applicant=applicant(id_number="510901198002300019")), "id_number_birth_date",
        field="applicant.id_number"),
    Bad("number is text", application(applicant=applicant(id_number="不知道")), "id_number_malformed",
        field="applicant.id_number"),
    Bad("number of a proxy", application(on_behalf_of={**PROXY, "id_number": "1"}), "id_number_malformed",
        field="on_behalf_of.id_number"),
    Bad("proxy without a relation", application(on_behalf_of={"name": "李某", "id_number": "1"}), "field_required",
        field="on_behalf_of.relation"),
    Bad("phone nonsense", application(applicant=applicant(phone="不知道")), "phone_invalid",
        field="applicant.phone"),
    Bad("unknown grid", application(grid="no-such"), "grid_unknown", field="grid"),
    Bad("field within a field", application(form={"a": {"b": 1}}), "form_value_malformed", field="form"),
    Bad("list within a field", application(form={"a": [1]}), "form_value_malformed", field="form"),
    Bad("number that is none", b'{"item": "x", "applicant": {"name": "a", "id_number": "1"}, "form": {"a": NaN}}',
        "form_value_malformed", field="form"),
    Bad("number without end", application(form={"a": 10**40}), "form_value_malformed", field="form"),
    Bad("control character in a form", application(form={"a": "\x00"}), "text_control_characters", field="form"),
    Bad("control character in a field's name", application(form={"\x00": "a"}), "text_control_characters",
        field="form"),
    Bad("form too large", application(form={f"field-{n}": "x" for n in range(101)}), "form_too_large",
        field="form"),
    Bad("text too long", application(form={"a": "长" * 4001}), "text_too_long", field="form"),
    Bad("a field nobody knows", application(colour="red"), "field_unknown", field="colour"),
    Bad("a list", b"[]", "object_expected"),
    Bad("no body", b"", "malformed_json", 400),
    Bad("a form of a browser", b"item=x", "unsupported_media_type", 415,
        content_type="application/x-www-form-urlencoded"),
)  # fmt: skip
"""For ``POST /service-requests`` by a desk."""

BAD_STEPS = (
    Bad("empty outcome", ("steps/acceptance/completion", {"outcome": "", "note": ""}), "text_empty", field="outcome"),
    Bad("unknown outcome", ("steps/acceptance/completion", {"outcome": "no-such"}), "step_outcome_unknown",
        field="outcome"),
    Bad("refusal without a reason", ("steps/acceptance/completion", {"outcome": "refused"}),
        "answer_without_content", field="note"),
    Bad("refusal that says nothing", ("steps/acceptance/completion", {"outcome": "refused", "note": "2026年11月23日"}),
        "answer_without_content", field="note"),
    Bad("unknown step", ("steps/no-such/completion", {"outcome": "passed"}), "not_found", 404),
    Bad("step with control characters", ("steps/%00/completion", {"outcome": "passed"}), "not_found", 404),
    Bad("no codes", ("materials-request", {"note": ""}), "field_required", field="codes"),
    Bad("a code twice", ("materials-request", {"codes": ["rehearsal-note", "rehearsal-note"], "note": ""}),
        "material_twice", field="codes"),
    Bad("a field nobody knows", ("steps/acceptance/completion", {"outcome": "passed", "x": 1}), "field_unknown",
        field="x"),
    Bad("step that is not meant", ("acknowledgement",
        {"handler": "rehearsal.handler", "plan": "去", "step": ""}), "text_empty", field="step"),
)  # fmt: skip
"""For ``POST /cases/{number}/…`` by the unit of the first step: refused before the engine is asked."""

BAD_RESULT_ROWS = (
    Bad("no number", ("", "higher", "passed", ""), "field_required"),
    Bad("no step", ("NUMBER", "", "passed", ""), "field_required"),
    Bad("no outcome", ("NUMBER", "higher", "", ""), "field_required"),
    Bad("unknown case", ("BJ000000-0000000", "higher", "passed", ""), "not_found"),
    Bad("an incident's number", ("SJ000000-0000000", "higher", "passed", ""), "not_found"),
    Bad("unknown step", ("NUMBER", "no-such", "passed", ""), "step_unknown"),
    Bad("step of ours", ("NUMBER", "delivery", "passed", ""), "step_not_outside"),
    Bad("unknown outcome", ("NUMBER", "higher", "perhaps", ""), "step_outcome_unknown"),
    Bad("refusal without a reason", ("NUMBER", "higher", "refused", ""), "answer_without_content"),
    Bad("note too long", ("NUMBER", "higher", "passed", "长" * 4001), "text_too_long"),
    Bad("control characters", ("NUMBER", "higher", "passed", "同\x1b意"), "text_control_characters"),
)  # fmt: skip
"""Rows of a file for ``POST /outside-results``: number, step, outcome, note. NUMBER stands for one that waits."""

BAD_RESULT_FILES = (
    Bad("empty", b"", "file_empty"),
    Bad("blank", b" \r\n ", "file_empty"),
    Bad("a picture", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "file_not_a_table"),
    Bad("begins like a workbook", b"PK\x03\x04" + b"x" * 100, "file_not_a_table"),
    Bad("other columns", b"a,b,c\r\n1,2,3", "file_column_missing"),
    Bad("no step", b"number,outcome\r\nBJ1,passed", "file_column_missing"),
    Bad("neither UTF-8 nor GB18030", b"number,step,outcome\r\n\xff\xff\xff,x,y", "file_encoding_unknown"),
    Bad("UTF-16", "number,step,outcome".encode("utf-16"), "file_not_a_table"),
)
"""Files for ``POST /outside-results`` that are refused as a whole."""

BAD_PROMISES = (
    Bad("no limit", "", "field_required", field="limit"),
    Bad("empty limit", "limit=", "text_empty", field="limit"),
    Bad("blank limit", "limit=%20%20", "text_empty", field="limit"),
    Bad("limit in other words", "limit=soon", "limit_malformed", field="limit"),
    Bad("limit without a unit", "limit=5", "limit_malformed", field="limit"),
    Bad("no days at all", "limit=0%20days", "limit_malformed", field="limit"),
    Bad("fewer than none", "limit=-5%20days", "limit_malformed", field="limit"),
    Bad("half an hour more", "limit=1.5%20hours", "limit_malformed", field="limit"),
    Bad("a unit nobody knows", "limit=5%20weeks", "limit_malformed", field="limit"),
    Bad("working minutes", "limit=5%20working%20minutes", "limit_malformed", field="limit"),
    Bad("limit in Chinese", "limit=" + quote("五个工作日"), "limit_malformed", field="limit"),
    Bad("full-width digit", "limit=" + quote("５ days"), "limit_malformed", field="limit"),
    Bad("a number without end", "limit=9999999999%20seconds", "limit_malformed", field="limit"),
    Bad("too many seconds", "limit=999999999%20seconds", "limit_malformed", field="limit"),
    Bad("too many minutes", "limit=99999999%20minutes", "limit_malformed", field="limit"),
    Bad("too many hours", "limit=999999%20hours", "limit_malformed", field="limit"),
    Bad("too many working hours", "limit=99999%20working%20hours", "limit_malformed", field="limit"),
    Bad("too many working days", "limit=99999%20working%20days", "limit_malformed", field="limit"),
    Bad("too many days", "limit=99999%20days", "limit_malformed", field="limit"),
    Bad("NUL in the limit", "limit=5%00days", "text_control_characters", field="limit"),
    Bad("limit too long", "limit=" + "5" * 300, "text_too_long", field="limit"),
    Bad("legal limit in other words", "limit=5%20days&legal=soon", "limit_malformed", field="legal"),
    Bad(
        "receipt without offset",
        "limit=5%20days&received_at=2026-02-13T16:20:00",
        "instant_without_offset",
        field="received_at",
    ),
    Bad("a date alone", "limit=5%20days&received_at=2026-02-13", "instant_malformed", field="received_at"),
    Bad("seconds since 1970", "limit=5%20days&received_at=1770970800", "instant_malformed", field="received_at"),
    Bad("receipt in words", "limit=5%20days&received_at=tomorrow", "instant_malformed", field="received_at"),
    Bad("empty receipt", "limit=5%20days&received_at=", "instant_malformed", field="received_at"),
    Bad("30 February", "limit=5%20days&received_at=2026-02-30T10:00:00Z", "instant_malformed", field="received_at"),
    Bad("25 o'clock", "limit=5%20days&received_at=2026-02-13T25:00:00Z", "instant_malformed", field="received_at"),
    Bad("last century", "limit=5%20days&received_at=1999-12-31T10:00:00Z", "instant_out_of_range", field="received_at"),
    Bad("far future", "limit=5%20days&received_at=2200-01-01T00:00:00Z", "instant_out_of_range", field="received_at"),
    Bad(
        "receipt beyond the calendar",
        "limit=5%20days&received_at=9999-12-31T23:59:59-10:00",
        "instant_out_of_range",
        field="received_at",
    ),
    Bad(
        "receipt before the calendar",
        "limit=5%20days&received_at=0001-01-01T00:00:00%2B14:00",
        "instant_out_of_range",
        field="received_at",
    ),
    Bad("a question nobody knows", "limit=5%20days&nonsense=1", "field_unknown", field="nonsense"),
)
"""For ``GET /promise``: the query string."""
