"""How often somebody without an account may ask: a bucket of requests that fills up again, one for each key.

Kept in this process only, as ``api.passwords.Throttle``, which slows down whoever guesses. This one slows down whoever
asks too often, with the right code or without.
"""

import time
from collections import OrderedDict
from typing import Final

from api.problems import Problem

BURST: Final = 30
"""So many requests at once, from one address about one case."""

EVERY_S: Final = 1.0
"""One more after each so many seconds."""

REMEMBERED: Final = 10_000


class Pace:
    """At most ``burst`` requests at once under one key, and one more every ``every`` seconds."""

    def __init__(self, *, burst: int = BURST, every: float = EVERY_S) -> None:
        self._burst = burst
        self._every = every
        self._free_at: OrderedDict[tuple[str, ...], float] = OrderedDict()

    def require(self, *key: str) -> None:
        """Count a request. Raises Problem(429) with ``Retry-After`` when it is one too many."""
        now = time.monotonic()
        # the instant at which everything asked so far would have been allowed one by one
        free_at = max(self._free_at.pop(key, now), now) + self._every
        ahead = free_at - now - self._burst * self._every
        if ahead > 0:
            self._keep(key, free_at - self._every)
            raise Problem(429, "too_many_requests", headers={"Retry-After": str(int(ahead) + 1)})
        self._keep(key, free_at)

    def _keep(self, key: tuple[str, ...], free_at: float) -> None:
        self._free_at[key] = free_at
        if len(self._free_at) > REMEMBERED:
            self._free_at.popitem(last=False)
