"""``bench pages``: what pages cost when a hundred thousand cases stand behind them, on SQLite and on PostgreSQL.

Over HTTP, on one connection that is kept, one request at a time, signed in as those who use the page. Beside them the
bare page in the same rounds. Then what a first visit weighs.
"""

import gzip
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Final
from urllib.parse import quote, unquote

from benchmarks.counted import HEADER
from benchmarks.figures import Goal, at_most, percentile, say, show_plain
from benchmarks.made.store import Size
from benchmarks.made.words import ABSENT, FREQUENT, RARE
from benchmarks.processes import usage
from benchmarks.serving import Serving, serving, towns
from benchmarks.wire import Answer, Wire

BOARD: Final = at_most(60)
LIST: Final = at_most(80)
WEIGHT: Final = at_most(150)
"""Milliseconds at the 95th percentile; kB of a first visit."""

ROUNDS: Final = 4
_WARM: Final = 3
_BARE: Final = "a bare page of 72 rows"

SUPERVISOR, LEADER, HANDLER, CLERK, AUDITOR, OFFICER, OUTDOORS = (
    "supervisor", "unit_leader", "handler", "intake_clerk", "auditor", "organization_officer", "grid_officer",
)  # fmt: skip


@dataclass(slots=True)
class Asked:
    """One address as one person, and what it took. ``cpu``: seconds of the server's processor, those to warm up too."""

    who: str
    path: str
    goal: Goal | None = LIST
    taken: list[float] = field(default_factory=list)
    cpu: float = 0.0
    statements: int = 0
    answer: Answer | None = None


async def measure(stores: Sequence[str], size: Size, each: int) -> None:
    """Each address ``each`` times on each store."""
    with towns([*stores], size) as urls:
        for store, url in urls.items():
            async with serving(store, url) as here:
                await _measure_store(here, size, each)


async def _measure_store(here: Serving, size: Size, each: int) -> None:
    number = await _some_number(here)
    asked = _addresses(number)
    wires = {who: await here.browser(who) for who in sorted({one.who for one in asked})}
    bare = Asked("", _BARE, goal=None)
    say(f"{here.store}: {len(asked)} addresses, {each} times each")
    for _ in range(ROUNDS):
        await _ask(here.bare(), bare, "/", each // ROUNDS)
        for one in asked:
            before = usage(here.pid).cpu
            await _ask(wires[one.who], one, one.path, each // ROUNDS)
            one.cpu += usage(here.pid).cpu - before
    _show(here, size, bare, asked)
    _show_weights(here, await _weights(here, asked))


def _addresses(number: str) -> list[Asked]:
    now = datetime.now(UTC)
    month, week = (quote((now - timedelta(days=days)).isoformat()) for days in (30, 7))
    soon = quote((now + timedelta(days=3)).isoformat())
    lists = (
        "", "?status=in_progress", "?status=closed", "?light=red", "?light=yellow", "?light=green&status=in_progress",
        "?unit=urban-management", "?unit=sanitation&status=in_progress", "?grid=qingyou-2", "?category=dirty-road",
        "?kind=service_request", f"?due_before={soon}&sort=due_at", f"?received_from={month}&received_to={week}",
        "?unit=housing&light=red&grid=baiwei-1", "?waiting=extension", "?light=red&category=noise",
    )  # fmt: skip
    words = (FREQUENT, RARE, ABSENT, f"{FREQUENT} 积水", "请有关单位尽快派人", number, number[-7:], "没", "a")
    found = [Asked(SUPERVISOR, path, BOARD) for path in ("/board", "/board/lanes", "/board?unit=urban-management")]
    found += [Asked(SUPERVISOR, f"/cases{query}") for query in lists]
    found += [Asked(SUPERVISOR, f"/cases?q={quote(word)}") for word in words]
    found += [Asked(SUPERVISOR, f"/cases/{number}"), Asked(SUPERVISOR, f"/cases/{number}/state")]
    places = ("/triage", "/extensions", "/interviews", "/units", "/units/urban-management", "/trends", "/notices")
    found += [Asked(SUPERVISOR, path) for path in (*places, "/accountability")]
    found += [Asked(OUTDOORS, path) for path in ("/officer", "/officer/reports", "/cases")]
    for who in (LEADER, HANDLER, CLERK, AUDITOR, OFFICER):
        found += [Asked(who, "/cases"), Asked(who, f"/cases?q={quote(RARE)}"), Asked(who, "/notices")]
    found += [Asked(HANDLER, f"/cases?q={quote(FREQUENT)}"), Asked(HANDLER, "/cases?light=red")]
    found += [Asked(who, path) for who in (LEADER, HANDLER) for path in ("/work", "/work-lanes")]
    found += [
        Asked(CLERK, path) for path in ("/desk/incident", "/items", f"/items?q={quote('居住证')}", "/items?q=dsz")
    ]
    return [*found, Asked(AUDITOR, "/board", BOARD)]


async def _ask(wire: Wire, one: Asked, path: str, times: int) -> None:
    for turn in range(times + _WARM):
        began = time.perf_counter()
        answer = await wire.get(path)
        took = (time.perf_counter() - began) * 1000
        if answer.status == 404 and one.answer is None:
            return
        one.answer = answer.expect(200)
        one.statements = int(answer.headers.get(HEADER, "0"))
        if turn >= _WARM:
            one.taken.append(took)


async def _some_number(here: Serving) -> str:
    """The first case on the board of the big unit."""
    wire = await here.browser(SUPERVISOR)
    answer = (await wire.get("/cases?unit=urban-management&status=in_progress&sort=due_at&kind=incident")).expect(200)
    wire.close()
    found = re.search(r'href="/cases/(SJ[\d-]+)"', answer.body.decode())
    return found[1] if found else ""


def _show(here: Serving, size: Size, bare: Asked, asked: Sequence[Asked]) -> None:
    floor = percentile(bare.taken, 0.5)
    lines = []
    for one in (bare, *sorted(asked, key=lambda each: -percentile(each.taken, 0.95))):
        if not one.taken or one.answer is None:
            lines.append([f"{one.who} {one.path}", "", "", "", "", "", "", "", "", "not there"])
            continue
        half, most, worst = (percentile(one.taken, share) for share in (0.5, 0.95, 0.99))
        body = one.answer.body
        reached = "" if one.goal is None else f"{one.goal} ms: {'reached' if one.goal.met(most) else 'MISSED'}"
        cpu = one.cpu * 1000 / (len(one.taken) + ROUNDS * _WARM)
        figures = (f"{half:.1f}", f"{most:.1f}", f"{worst:.1f}", f"{half / floor:.1f}", f"{cpu:.0f}" if cpu else "")
        sizes = (f"{len(body) / 1000:.1f}", f"{len(gzip.compress(body, 6)) / 1000:.1f}")
        lines.append([f"{one.who} {unquote(one.path)}"[:60], *figures, str(one.statements or ""), *sizes, reached])
    header = ("who, address", "p50 ms", "p95 ms", "p99 ms", "× bare", "CPU ms", "SQL", "kB", "kB gzip", "goal (p95)")
    show_plain(f"pages on {here.store}, {size.cases:,} cases, {size.running:,} of them running", header, lines)


class _Files(HTMLParser):
    """The files that a page brings along."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Stylesheets, scripts, pictures, icons."""
        given = dict(attrs)
        address = given.get("src") if tag in ("script", "img") else given.get("href") if tag == "link" else None
        if address and address.startswith("/") and not address.startswith("//"):
            self.found.add(address)


async def _weights(here: Serving, asked: Sequence[Asked]) -> list[tuple[str, float, float]]:
    """What a first visit weighs, in kB: unpacked, and as it is sent to a browser that takes gzip."""
    found: list[tuple[str, float, float]] = []
    for who in sorted({one.who for one in asked}):
        plain, packed = await here.browser(who), await here.browser(who, packed=True)
        for one in asked:
            if one.who != who or one.answer is None or "/lanes" in one.path or "-lanes" in one.path:
                continue
            files = _Files()
            files.feed(one.answer.body.decode())
            sums = [0, 0]
            for address in (one.path, *sorted(files.found)):
                for index, wire in enumerate((plain, packed)):
                    sums[index] += len((await wire.get(address)).expect(200).body)
            found.append((f"{who} {one.path}", sums[0] / 1000, sums[1] / 1000))
    return found


def _show_weights(here: Serving, weights: Sequence[tuple[str, float, float]]) -> None:
    heaviest = sorted(weights, key=lambda each: -each[2])[:12]
    lines = [
        [what[:90], f"{plain:.0f}", f"{sent:.0f}", f"{WEIGHT} kB: {'reached' if WEIGHT.met(sent) else 'MISSED'}"]
        for what, plain, sent in heaviest
    ]
    show_plain(
        f"first visit on {here.store}, with styles, scripts and marks: the heaviest",
        ("page", "kB", "kB sent", "goal"),
        lines,
    )
