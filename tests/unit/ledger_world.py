"""A record that several lives of one case's workflow write to, and such a life."""

from collections.abc import Sequence

from domain.case import Case
from domain.errors import Refused
from domain.ledger import Ledger, catch_up, fold
from domain.messages import Command, Event
from domain.vocabulary import CommandKind
from tests.unit.case_world import Story, after


class Record:
    """What the database would hold: it writes a batch, or what is missing of it, or says what else stands there."""

    def __init__(self, opening: Sequence[Event]) -> None:
        self.events = list(opening)

    def write(self, batch: tuple[Event, ...]) -> tuple[Event, ...]:
        """Empty when the batch stands now, else everything that stands from its first number on."""
        first = batch[0].seq - 1
        assert first <= len(self.events), "a gap"
        standing = self.events[first:]
        if any(_key(stands) != _key(ours) for stands, ours in zip(standing, batch, strict=False)):
            return tuple(standing)
        self.events.extend(batch[len(standing) :])
        return ()


def _key(event: Event) -> tuple[object, ...]:
    return event.type, event.command, event.at


class Run:
    """One life of a workflow: a ledger that begins at the opening and writes to a record that others wrote to."""

    def __init__(self, story: Story, record: Record) -> None:
        self.maker, self.record, self.opening = story, record, story.case
        self.ledger: Ledger[Case] = Ledger(story.case)
        self.taken: list[Event] = []
        self.accepted: list[Command] = []

    def make(self, kind: CommandKind, at: float, **said: object) -> Command:
        """A command as the API would resolve it against what this run knows, so many hours after the beginning."""
        self.maker.case = catch_up(self.ledger.current, after(hours=at))[0]
        return self.maker.command(kind, after(hours=at), **said)

    def decide(self, command: Command) -> bool:
        """Whether the ledger takes it."""
        try:
            self.ledger.decide(command)
        except Refused:
            return False
        self.accepted.append(command)
        return True

    def flush(self) -> None:
        """Writes until nothing is left; after every answer the ledger holds what the record holds."""
        rounds = 0
        while batch := self.ledger.batch():
            self.taken.extend(self.ledger.settle(batch, self.record.write(batch)))
            confirmed = self.ledger.confirmed
            assert confirmed == fold(self.maker.bare, self.record.events[: confirmed.version])
            rounds += 1
            assert rounds < 9, "it does not come to rest"
        assert self.ledger.current == self.ledger.confirmed


def run(record: Record | None = None) -> Run:
    """A run of the one case of these tests."""
    story = Story()
    return Run(story, record or Record(story.events))
