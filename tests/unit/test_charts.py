"""Shapes of charts: nothing leaves its box, gaps stay gaps, a whole ring is whole."""

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.charts import DAYS_HEIGHT, DAYS_WIDTH, RING, SPARK_HEIGHT, SPARK_WIDTH, day_chart, ring, scale, spark

SHARES = st.lists(st.none() | st.fractions(0, 1), max_size=20)
COUNTS = st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 5000)), min_size=1, max_size=92)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


@given(SHARES)
def test_spark_stays_in_its_box_and_leaves_no_share_out(shares: list[Fraction | None]) -> None:
    drawn = spark(shares)
    points = [tuple(map(float, pair.split(","))) for line in drawn.lines for pair in line.split()]
    points += [(dot.x, dot.y) for dot in drawn.dots]
    assert len(points) == sum(share is not None for share in shares)
    assert all(0 <= x <= SPARK_WIDTH and 0 <= y <= SPARK_HEIGHT for x, y in points)
    assert (drawn.last is None) == (not points)


def test_gap_parts_a_spark() -> None:
    half = Fraction(1, 2)
    drawn = spark([half, half, None, half])
    assert (len(drawn.lines), len(drawn.dots)) == (1, 1)


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=3))
def test_ring_is_shared_out(numbers: list[int]) -> None:
    segments = ring(numbers)
    assert [segment is None for segment in segments] == [number == 0 for number in numbers]
    if any(numbers):
        assert sum(segment.share for segment in segments if segment) == 1
    for segment in segments:
        if segment:
            assert all(-RING <= float(number) <= RING for number in _NUMBER.findall(segment.path))


@given(COUNTS)
def test_day_chart_stays_in_its_box(counts: list[tuple[int, int]]) -> None:
    drawn = day_chart([bar for bar, _ in counts], [point for _, point in counts])
    assert len(drawn.bars) == len(drawn.dots) == len(drawn.slots) == len(counts)
    assert all(bar.x >= 0 and bar.x + bar.width <= DAYS_WIDTH for bar in drawn.bars)
    assert all(bar.y >= 0 and bar.height >= 0 and bar.y + bar.height <= DAYS_HEIGHT for bar in drawn.bars)
    assert all(0 <= dot.y <= DAYS_HEIGHT for dot in drawn.dots)


@pytest.mark.parametrize(
    ("most", "lines"),
    [(0, [0, 1]), (1, [0, 1]), (5, [0, 1, 2, 3, 4, 5]), (7, [0, 2, 4, 6, 8]), (23, [0, 5, 10, 15, 20, 25]),
     (101, [0, 50, 100, 150])],
)  # fmt: skip
def test_scale_is_round_and_reaches_the_most(most: int, lines: list[int]) -> None:
    assert scale(most) == lines


@given(st.integers(0, 10**7))
def test_scale_has_few_lines(most: int) -> None:
    lines = scale(most)
    assert lines[0] == 0
    assert lines[-1] >= most
    assert len(lines) <= 6
