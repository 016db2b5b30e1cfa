"""A connector that answers itself after a moment: the example of one (B8)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from activities.connectors import Answered, Handoff, Submitted

NAME: Final = "loopback"
_SHORTEST: Final = timedelta(milliseconds=100)


class Loopback:
    """Takes every hand-off, and finds for the first outcome of its step ``after`` so long.

    It remembers nothing: the reference says what the answer will be and when.
    """

    def __init__(self, clock: Callable[[], datetime], after: timedelta = timedelta(seconds=2)) -> None:
        self._clock = clock
        self._after = after

    async def submit(self, handoff: Handoff) -> Submitted:
        """Taken, under a reference that is made anew by a repeat."""
        ready = self._clock() + self._after
        reference = f"{handoff.id}|{handoff.outcomes[0]}|{ready.isoformat()}"
        return Submitted(reference=reference, ask_after=self._after)

    async def ask(self, reference: str) -> Answered | timedelta:
        """The answer, once its moment has come."""
        _, outcome, ready = reference.rsplit("|", 2)
        left = datetime.fromisoformat(ready) - self._clock()
        if left > timedelta():
            return max(left, _SHORTEST)
        return Answered(outcome=outcome)
