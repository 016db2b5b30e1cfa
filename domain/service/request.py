"""A service request: its state (B1-B11). What its steps hold are parts, under the rules of ``domain.holding.state``.

What may be asked of it is in ``domain.service.commands``, what falls due by itself in ``domain.service.clock``, how
events change it in ``domain.service.events``. A frozen value; its whole state is one serialisable value.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self

from domain.holding import cards
from domain.holding.parts import latest
from domain.holding.state import Holding, Part
from domain.holding.values import FINISHED, Pause, RedCard
from domain.messages import Command, Event, Milestone
from domain.plain import to_plain
from domain.promise import Promise, Terms
from domain.service import clock, commands, events
from domain.service.flow import Flow, Following, Step, following
from domain.service.materials import Materials
from domain.vocabulary import CaseStatus, Outcome, OutcomeEffect

_NO_MATERIALS: Final = Materials()


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRequest:
    """One application for a catalogue item. Codes, usernames and instants only; the application is kept beside it.

    flow      the steps of the item in ``catalogue_version``, holders resolved at acceptance (B6)
    promise   of the whole, under the limit ``promised``: the clock that the applicant sees; lights, but no card (B11)
    legal_due_at   under the limit of the law, ``legal_rule``; kept beside it
    round     1, then one more when it is taken up again; ``redone`` counts these
    frozen_at the clock of the whole stands: suspended, awaiting materials, only outside steps open, or decided
    decided   how it was decided; ``outcome`` says so once it is closed
    parts     the steps that were handed over, in this order; a step that is done again has a second part
    skipped   keys of the steps that turned out not to be needed
    """

    number: str
    item: str
    catalogue_version: str
    received_at: datetime
    terms: Terms
    flow: Flow
    promised: str
    materials: Materials = _NO_MATERIALS
    grid: str | None = None
    desk: str | None = None
    redos: int = 1
    status: CaseStatus = CaseStatus.AWAITING_MATERIALS
    decided: Outcome | None = None
    outcome: Outcome | None = None
    version: int = 0
    round: int = 1
    redone: int = 0
    promise: Promise | None = None
    legal_due_at: datetime | None = None
    legal_rule: str | None = None
    yellow: bool = False
    red: bool = False
    frozen_at: datetime | None = None
    resume_at: datetime | None = None
    resume_promise: Promise | None = None
    resume_legal: datetime | None = None
    pauses: tuple[Pause, ...] = ()
    parts: tuple[Part, ...] = ()
    skipped: tuple[str, ...] = ()
    red_cards: tuple[RedCard, ...] = ()
    completed_at: datetime | None = None
    answer_by: datetime | None = None
    closed_at: datetime | None = None
    archived: bool = False

    def apply(self, event: Event) -> Self:
        """The request after ``event``, which must carry the next sequence number."""
        return events.apply(self, event)

    def decide(self, command: Command) -> tuple[Event, ...]:
        """What ``command`` makes happen. Raises Refused(…) and changes nothing when the rules say no."""
        return commands.decide(self, command)

    def next_milestone(self) -> Milestone | None:
        """What falls due next if nobody does anything; None: nothing does."""
        return clock.next_milestone(self)

    def reach(self, milestone: Milestone) -> tuple[Event, ...]:
        """What happens when ``milestone`` falls due, dated with that instant."""
        return clock.reach(self, milestone)

    @property
    def lead(self) -> Holding | None:
        """Nobody holds the whole: each step has its holder."""
        return None

    @property
    def finished(self) -> bool:
        """Closed or withdrawn."""
        return self.status in FINISHED

    @property
    def ended(self) -> bool:
        """Finished, and every appeal and ruling window over: nothing can happen any more."""
        return self.finished and cards.settled(self)

    @property
    def open_parts(self) -> Iterator[Part]:
        """The steps that are handed over and not done."""
        return (part for part in self.parts if not part.finished)

    @property
    def leading(self) -> Part | None:
        """Of the open steps the one that falls due first: by its limit, else by its reference time, else in order.

        None is open: the one that was handed over last.
        """
        return min(self.open_parts, key=_falls_due, default=self.parts[-1] if self.parts else None)

    @property
    def done(self) -> Mapping[str, str]:
        """The outcome of each step that is done, by its latest part.

        One that had decided the whole counts no more once it is taken up again: its step comes again in its turn.
        """
        ended = (latest(self.parts, key) for key in sorted({part.key for part in self.parts}))
        return {
            part.key: part.outcome
            for part in ended
            if part is not None and part.outcome is not None and (self.decided or self._goes_on_from(part))
        }

    def _goes_on_from(self, part: Part) -> bool:
        step = self.flow.step(part.key)
        return step is not None and step.effect(part.outcome or "") is OutcomeEffect.GO_ON

    def following(self, done: Mapping[str, str], materials: frozenset[str] = frozenset()) -> Following:
        """What opens next once the steps are ``done``, with these ``materials`` there beside those that are."""
        opened = {part.key for part in self.open_parts if part.key not in done}
        return following(self.flow, done, opened, self.skipped, materials.union(self.materials.given))

    @property
    def to_redo(self) -> Step:
        """What is done again when the applicant is not content: the inside step that was done last, else the last."""
        done = [part for part in self.parts if part.completed_at is not None]
        inside = [part for part in done if part.outside is None] or done
        last = max(reversed(inside), key=lambda part: part.completed_at or self.received_at, default=None)
        return (self.flow.step(last.key) if last is not None else None) or self.flow.steps[-1]

    @property
    def basis(self) -> Any:
        """The deadlines that stand, as plain JSON: what was resolved for a command rests on them."""
        parts = {part.key: part.promise.due_at if part.promise else None for part in self.open_parts}
        return to_plain({"whole": self.promise.due_at if self.promise else None, **parts})


def _falls_due(part: Part) -> tuple[bool, bool, datetime | None]:
    if part.promise is not None:
        return False, False, part.promise.due_at
    by = part.outside.reference_by if part.outside is not None else None
    return True, by is None, by
