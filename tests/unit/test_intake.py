"""Refusals of input: reports that cannot be taken, completions that are no answer (A1, A12)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.answers import check_answer, is_without_content
from domain.errors import Refused, Unprocessable
from domain.intake import Outside, Place, Report, Reporter, check_report, check_text, refusals
from domain.vocabulary import Source
from tests.unit.rulebooks import local, shipped

RULES = shipped().rulebook
NOW = local("2026-03-02 10:00")
OUTSIDE = Outside(now=NOW, grid_known={"baiwei-1"}.__contains__, phone_valid={"13900000000"}.__contains__)
GOOD = Report(
    category="street-lamp-fault",
    description="路灯不亮\n已经三天了",
    source=Source.HOTLINE,
    place=Place(grid="baiwei-1"),
    reporter=Reporter(name="某某", phone="13900000000"),
    occurred_at=NOW,
)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"occurred_at": None},
        {"reporter": Reporter(anonymous=True)},
        {"reporter": Reporter(phone=" 13900000000 ")},
        {"reporter": None, "source": Source.OFFICER},
        {"place": Place(lat=30.4, lon=105.1, point_grid="baiwei-1")},
        {"place": Place(address="澄湖路 1 号")},
        {"place": Place(grid="baiwei-1", lat=0.0, lon=0.0)},
        {"description": "长" * RULES.texts.description},
        {"description": "\u202eturned round\u202c and \u2067apart\u2069"},
        {"description": "\tTab, line\r\nend and 😀 family 👨‍👩‍👧"},
    ],
)
def test_report_is_taken_when_nothing_stands_against_it(changes: dict[str, object]) -> None:
    check_report(replace(GOOD, **changes), RULES, OUTSIDE)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"category": "no-such"}, "category_unknown", "category"),
        ({"category": ""}, "category_unknown", "category"),
        ({"description": ""}, "text_empty", "description"),
        ({"description": " \n\t　"}, "text_empty", "description"),
        ({"description": "长" * (RULES.texts.description + 1)}, "text_too_long", "description"),
        ({"description": "x" * 100_000}, "text_too_long", "description"),
        ({"description": "a\x00b"}, "text_control_characters", "description"),
        ({"description": "a\x1b[31mb"}, "text_control_characters", "description"),
        ({"description": "a\x85b"}, "text_control_characters", "description"),
        *(
            ({"reporter": Reporter(name=f"王{mark}某", anonymous=True)}, "text_direction_characters", "reporter.name")
            for mark in "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
        ),
        ({"description": "a\ud800b"}, "text_control_characters", "description"),
        ({"place": Place()}, "place_missing", "place"),
        ({"place": Place(grid="nowhere")}, "grid_unknown", "place.grid"),
        ({"place": Place(lat=0.0, lon=0.0)}, "place_outside_grids", "place.point"),
        ({"place": Place(lat=30.0)}, "place_missing", "place.point"),
        ({"place": Place(address=" ")}, "text_empty", "place.address"),
        ({"place": Place(address="a\x07")}, "text_control_characters", "place.address"),
        ({"reporter": None}, "reporter_contact_missing", "reporter"),
        ({"reporter": Reporter(name="某某")}, "reporter_contact_missing", "reporter.phone"),
        ({"reporter": Reporter(name="某某", phone="  ")}, "reporter_contact_missing", "reporter.phone"),
        ({"reporter": Reporter(name="某某"), "source": Source.OFFICER}, "reporter_contact_missing", "reporter.phone"),
        ({"reporter": Reporter(phone="abc")}, "phone_invalid", "reporter.phone"),
        ({"reporter": Reporter(phone="abc", anonymous=True)}, "phone_invalid", "reporter.phone"),
        ({"reporter": Reporter(name="x" * 101, phone="13900000000")}, "text_too_long", "reporter.name"),
        ({"occurred_at": NOW + timedelta(microseconds=1)}, "occurred_in_future", "occurred_at"),
    ],
)
def test_report_is_refused_when_a_field_has_no_acceptable_value(
    changes: dict[str, object], code: str, field: str
) -> None:
    with pytest.raises(Unprocessable) as refused:
        check_report(replace(GOOD, **changes), RULES, OUTSIDE)  # type: ignore[arg-type]
    assert (refused.value.code, refused.value.field) == (code, field)


def test_all_refusals_are_told_when_several_fields_are_wrong() -> None:
    report = Report(category="?", description="", source=Source.API, place=Place(), occurred_at=NOW + timedelta(days=1))
    assert [refusal.field for refusal in refusals(report, RULES, OUTSIDE)] == [
        "category",
        "description",
        "place",
        "reporter",
        "occurred_at",
    ]


def test_refusal_does_not_repeat_what_was_given_when_it_is_personal() -> None:
    with pytest.raises(Refused) as refused:
        check_report(replace(GOOD, reporter=Reporter(phone="139-secret")), RULES, OUTSIDE)
    assert "secret" not in str(refused.value)


def test_text_comes_back_without_blanks_around_it_when_it_is_taken() -> None:
    assert check_text("  好\n", 10, field="note") == "好"
    assert check_text(" ", 10, field="note", empty_allowed=True) == ""


@pytest.mark.parametrize(
    "result",
    [
        *("", "  ", "。", "……！！", "--", "😀", "\n", "无", "好的", "略", "同上", "."),
        *("已转办", "转办", "转办。", "【已转办】", "已　转　办", "已经转办了", "已转交相关部门", "已转交有关部门处理"),
        *(
            "已移交给城管局",
            "已转交水务局处理",
            "现已转相关责任单位办理",
            "工单已派发",
            "您好，您的问题已转交相关部门，感谢您的来电",
        ),
        *("已处理", "已办结", "处理完毕", "已收悉", "已解决", "正在处理中", "请知悉"),
        *("2026-11-23", "2026年11月23日", "2026/11/23 10:30", "11月23日上午", "20261123", "２０２６－１１－２３"),
        *("2026-11-23T10:00:00Z", "Nov 23, 2026", "23rd November 2026", "Monday", "今天", "2026年11月23日 已转办"),
        *("forwarded", "Forwarded.", "FORWARDED", "done", "Done!", "ok", "OK", "N/A", "resolved", "test", "none"),
        *("Forwarded to the water bureau", "has been forwarded to the responsible unit", "transferred 2026-11-23"),
        *("The case was referred to other departments", "passed on", "Sent to sanitation", "已办结 done"),
    ],
)
def test_completion_is_refused_when_it_says_nothing_about_what_was_done(result: str) -> None:
    with pytest.raises(Unprocessable) as refused:
        check_answer(result, 1000)
    assert (refused.value.code, refused.value.field) == ("answer_without_content", "result")


@pytest.mark.parametrize(
    "result",
    [
        *(
            "已清运垃圾3车",
            "路灯已更换灯泡，恢复照明",
            "井盖已补齐",
            "垃圾已清理",
            "清理完成",
            "已修复",
            "已罚款",
            "已劝离",
        ),
        *(
            "经核实，反映不属实，现场无占道摊位",
            "已转交城管局，城管局当日清运完毕垃圾",
            "已处理，下水道疏通完毕",
            "责令整改完毕",
        ),
        *(
            "2026年11月23日，抢修人员更换破裂管段，恢复供水",
            "Lamp replaced",
            "repaired",
            "Filled the pothole with asphalt",
        ),
        *(
            "Sent a crew who cleared the drain",
            "Sent to the workshop and repaired",
            "lamp fixed",
            "Done: replaced 2 bulbs",
        ),
        "Der Gully wurde gereinigt",
    ],
)
def test_completion_is_taken_when_it_says_what_was_done(result: str) -> None:
    assert check_answer(f" {result} ", 1000) == result


@pytest.mark.parametrize("text", ["已" * 10_000, "转交" + "猫" * 10_000, "it " * 5000 + "x", "转交的" * 5000 + "猫"])
def test_judgement_ends_when_a_text_is_made_to_keep_it_busy(text: str) -> None:
    assert is_without_content(text) is ("猫" not in text and "x" not in text)


def test_completion_is_refused_when_it_is_too_long_or_cannot_be_shown() -> None:
    for result, code in (("修" * 11, "text_too_long"), ("修\x00", "text_control_characters")):
        with pytest.raises(Unprocessable) as refused:
            check_answer(result, 10)
        assert refused.value.code == code
