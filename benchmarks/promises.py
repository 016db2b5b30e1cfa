"""``bench promises``: how many promises one core works out in a second, beside a model that walks the calendar.

Mixed limits of all units, received at any second of three years. The walked ones are a sample, compared one by one.
"""

import random
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from benchmarks.figures import median, say, show_plain
from domain.promising import promise_for_limit
from domain.rulebook import Rulebook
from domain.worktime import Limit, LimitUnit
from rulebook.load import load
from tests.unit.naive_time import NaiveTime

WANTED: Final = 20_000
ROUNDS: Final = 3

_RULEBOOK = Path(__file__).parent.parent / "rulebook" / "default"
_FIRST: Final = datetime(2024, 1, 1, tzinfo=UTC)
_MINUTES: Final = 3 * 365 * 1440
_MOST: Final = {
    LimitUnit.SECONDS: 3_600,
    LimitUnit.MINUTES: 2_880,
    LimitUnit.HOURS: 240,
    LimitUnit.WORKING_HOURS: 80,
    LimitUnit.WORKING_DAYS: 60,
    LimitUnit.DAYS: 90,
}

Asked = Sequence[tuple[Limit, datetime]]


def measure(count: int, walked: int) -> None:
    """``count`` promises, ``walked`` of them by the model too. Prints promises a second of one core's time."""
    rules = load(_RULEBOOK)
    asked = _asked(count)
    model = NaiveTime.of(rules.calendar, rules.hours.periods)
    say(f"promises: {count:,} by arithmetic, {ROUNDS} times; {walked:,} by walking")
    product = median([_rate(asked, lambda limit, start: promise_for_limit(rules, limit, start)) for _ in range(ROUNDS)])
    naive = _rate(asked[:walked], lambda limit, start: model.promise(limit, start, rules.clocks))
    reached = "reached" if product >= WANTED else "missed"
    show_plain(
        f"promises: {count:,} mixed limits, one core",
        ["", "walked", "product", "ratio", "goal"],
        [
            ["promises a second", f"{naive:,.0f}", f"{product:,.0f}", f"{product / naive:,.0f}",
             f"≥ {WANTED:,}: {reached}"],
            ["that differ", "", f"{_differing(rules, model, asked[:walked]):,} of {walked:,}", "", ""],
        ],
    )  # fmt: skip
    _show_units(rules, asked)


def _asked(count: int) -> Asked:
    chance = random.Random(20_240_101)
    units = list(LimitUnit)
    limits = [Limit(chance.randint(1, _MOST[unit]), unit) for unit in (units[i % len(units)] for i in range(count))]
    return [(limit, _FIRST + timedelta(minutes=chance.randrange(_MINUTES))) for limit in limits]


def _rate(asked: Asked, promise: Callable[[Limit, datetime], object]) -> float:
    begin = time.process_time()
    for limit, start in asked:
        promise(limit, start)
    return len(asked) / (time.process_time() - begin)


def _differing(rules: Rulebook, model: NaiveTime, asked: Asked) -> int:
    walked = ((limit, start, model.promise(limit, start, rules.clocks)) for limit, start in asked)
    return sum(promise_for_limit(rules, limit, start).due_at != one.due_at for limit, start, one in walked)


def _show_units(rules: Rulebook, asked: Asked) -> None:
    lines = []
    for unit in LimitUnit:
        own = [(limit, start) for limit, start in asked if limit.unit is unit]
        rate = _rate(own, lambda limit, start: promise_for_limit(rules, limit, start))
        lines.append([f"limits in {unit.value}", f"{rate:,.0f}"])
    show_plain("promises a second, by unit", ["", "product"], lines)
