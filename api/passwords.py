"""Passwords: argon2, always the same work, failing logins throttled."""

import time
from collections import OrderedDict

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from api.problems import Problem

FREE_FAILURES = 5
PENALTY_S = 30.0
REMEMBERED = 10_000


class Passwords:
    """Hashes and checks passwords; both take tens of milliseconds of a thread, on purpose."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._nobody: str | None = None

    def hash(self, password: str) -> str:
        """What is kept of a password."""
        return self._hasher.hash(password)

    def verify(self, kept: str | None, password: str) -> bool:
        """Whether the password is right. An account that does not exist (None) takes just as long."""
        if self._nobody is None:
            self._nobody = self._hasher.hash("nobody")
        try:
            self._hasher.verify(kept or self._nobody, password)
        except (VerificationError, InvalidHashError):
            return False
        return kept is not None

    def is_dated(self, kept: str) -> bool:
        """Whether it was hashed with weaker parameters than today's."""
        return self._hasher.check_needs_rehash(kept)


class Throttle:
    """Slows down whoever fails again and again under one key: from where, and under which name, known or not.

    The address belongs to the key, so that a stranger who guesses keeps nobody else out. Kept in this process only:
    several processes allow that many times more, which is still few.
    """

    def __init__(self, *, free: int = FREE_FAILURES, penalty: float = PENALTY_S) -> None:
        self._free = free
        self._penalty = penalty
        self._failures: OrderedDict[tuple[str, ...], tuple[int, float]] = OrderedDict()

    def require(self, *key: str) -> None:
        """Raises Problem(429) with ``Retry-After`` while the key has to wait."""
        count, last = self._failures.get(key, (0, 0.0))
        wait = last + self._penalty - time.monotonic()
        if count >= self._free and wait > 0:
            raise Problem(429, "too_many_attempts", headers={"Retry-After": str(int(wait) + 1)})

    def failed(self, *key: str) -> None:
        """Count a failure; after a quiet time counting begins anew."""
        count, last = self._failures.pop(key, (0, 0.0))
        now = time.monotonic()
        self._failures[key] = (1 if now - last > self._penalty * 10 else count + 1, now)
        if len(self._failures) > REMEMBERED:
            self._failures.popitem(last=False)

    def succeeded(self, *key: str) -> None:
        """Forget the key's failures."""
        self._failures.pop(key, None)
