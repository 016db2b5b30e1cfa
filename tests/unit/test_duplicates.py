"""Probable duplicates (A19): how alike two reports are, why, and in which order they are offered."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.duplicates import Sketch, distance, likeness, probable, shared_words
from domain.vocabulary import Likeness
from tests.unit.rulebooks import shipped

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
RULES = shipped().rulebook.duplicates
HERE = {"lat": 30.6570, "lon": 104.0650}
COVER = Sketch(
    at=NOON, category="manhole-cover", group="roads", grid="G1", text="人民路12号门口井盖破损，电动车差点翻倒", **HERE
)

sketches = st.builds(
    Sketch,
    at=st.datetimes(datetime(2026, 10, 1), datetime(2026, 12, 1)).map(lambda at: at.replace(tzinfo=UTC)),  # noqa: DTZ001
    category=st.sampled_from([None, "manhole-cover", "street-lamp"]),
    group=st.sampled_from([None, "roads", "lights"]),
    grid=st.sampled_from([None, "G1", "G2"]),
    lat=st.none() | st.floats(30.65, 30.66),
    lon=st.none() | st.floats(104.06, 104.07),
    text=st.text(alphabet="井盖破损路灯不亮人民 12abc，", max_size=40),
)
moderate = settings(max_examples=150, deadline=None, derandomize=True, database=None)


def moved(metres: float) -> Sketch:
    """The same, so many metres to the north."""
    return replace(COVER, lat=HERE["lat"] + metres / 111_195)


@pytest.mark.parametrize(
    ("other", "offered"),
    [
        (COVER, True),
        (replace(moved(40), text="井盖坏了，人民路12号附近有人摔倒", at=NOON - timedelta(hours=5)), True),
        (replace(COVER, lat=None, lon=None, text="人民路12号井盖破损"), True),
        (replace(moved(40), text="人民路路灯不亮", category="street-lamp", group="lights"), False),
        (replace(moved(2_000), grid="G2"), True),  # the same words to the letter: somebody sees it at a glance
        (replace(moved(2_000), grid="G2", text="井盖破损"), False),
        (replace(COVER, lat=None, lon=None, text="垃圾成堆无人清运"), False),
        (replace(COVER, at=NOON - timedelta(days=50), text="路面塌陷很深", lat=None), False),
    ],
)
def test_case_is_offered_when_place_words_and_category_agree(other: Sketch, offered: bool) -> None:
    assert bool(probable(COVER, [other], lambda each: each, RULES)) is offered


def test_reasons_say_how_near_which_words_and_what_else() -> None:
    [(_, found)] = probable(COVER, [replace(moved(40), text="有井盖破损，请来看")], lambda each: each, RULES)
    assert found.metres == 40
    assert found.shared == ("井盖破损",)
    assert set(found.reasons) == {
        Likeness.SAME_GRID, Likeness.NEAR, Likeness.SAME_CATEGORY, Likeness.SAME_WORDS,
    }  # fmt: skip


def test_group_speaks_for_a_case_where_the_category_differs() -> None:
    found = likeness(COVER, replace(COVER, category="pothole"), RULES)
    assert Likeness.SAME_GROUP in found.reasons
    assert Likeness.SAME_CATEGORY not in found.reasons


def test_half_typed_report_finds_the_long_one() -> None:
    draft = Sketch(at=NOON, grid="G1", text="人民路井盖破损")
    assert probable(draft, [replace(COVER, lat=None, lon=None)], lambda each: each, RULES)


def test_what_everybody_says_makes_nothing_alike() -> None:
    one, other = Sketch(at=NOON, text="市民来电反映希望尽快处理"), Sketch(at=NOON, text="群众反映希望尽快解决")
    assert shared_words(one.text, other.text, RULES.ignored) == ()
    assert likeness(one, other, RULES).score < RULES.least / 2


@pytest.mark.parametrize(
    ("one", "other", "metres"),
    [
        ((0.0, 0.0), (0.0, 1.0), 111_195),
        ((30.0, 104.0), (31.0, 104.0), 111_195),
        ((30.0, 104.0), (30.0, 104.0), 0),
        ((60.0, 10.0), (60.0, 11.0), 55_597),
        ((90.0, 0.0), (-90.0, 0.0), 20_015_115),
        ((0.0, 179.5), (0.0, -179.5), 111_195),
    ],
)
def test_distance_is_that_on_the_globe(one: tuple[float, float], other: tuple[float, float], metres: int) -> None:
    assert distance(one, other) == pytest.approx(metres, rel=0.001, abs=0.01)


@moderate
@given(sketches, sketches)
def test_likeness_is_symmetric_and_a_share(one: Sketch, other: Sketch) -> None:
    there, back = likeness(one, other, RULES), likeness(other, one, RULES)
    assert (there.score, there.metres, set(there.reasons)) == (back.score, back.metres, set(back.reasons))
    assert 0 <= there.score <= 100


@moderate
@given(sketches, st.lists(sketches, max_size=8), st.randoms())
def test_order_in_which_cases_are_found_changes_nothing(draft: Sketch, known: list[Sketch], random: object) -> None:
    first = probable(draft, known, lambda each: each, RULES)
    random.shuffle(known)  # type: ignore[attr-defined]
    second = probable(draft, known, lambda each: each, RULES)
    assert [(alike.score, each.at) for each, alike in first] == [(alike.score, each.at) for each, alike in second]
    assert all(alike.score >= RULES.least for _, alike in first)
    assert len(first) <= RULES.most


@moderate
@given(sketches, sketches)
def test_shared_words_stand_in_both(one: Sketch, other: Sketch) -> None:
    assert all(word in one.text and word in other.text for word in shared_words(one.text, other.text))


@moderate
@given(st.integers(0, 500), st.integers(0, 500))
def test_nearer_is_never_less_alike(one: int, other: int) -> None:
    near, far = sorted((one, other))
    assert likeness(COVER, moved(near), RULES).score >= likeness(COVER, moved(far), RULES).score


def test_nothing_of_a_person_is_compared() -> None:
    assert {field.name for field in fields(Sketch)} == {"at", "category", "group", "grid", "lat", "lon", "text"}


def test_nothing_is_likely_when_nothing_counts() -> None:
    nothing = replace(RULES, place=0, words=0, category=0, time=0)
    assert likeness(COVER, COVER, nothing).score == 0
