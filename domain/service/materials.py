"""The materials of a service request: what is needed, what is there, what was asked for and until when (B9). Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from domain.errors import Conflict, Unprocessable


@dataclass(frozen=True, slots=True, kw_only=True)
class Materials:
    """Codes of materials of one request.

    needed      before the first step is handed over
    may_follow  may come later, but before the request is approved
    optional    may be brought; some decide whether a step is needed
    given       those that are there, in the order in which they came
    asked       those that the applicant was asked for, ``by`` this instant; the request lapses then
    requested   a step has asked for materials; it may be done once, and completely
    """

    needed: tuple[str, ...] = ()
    may_follow: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    by: datetime | None = None
    requested: bool = False

    @property
    def known(self) -> frozenset[str]:
        """All materials of the item."""
        return frozenset((*self.needed, *self.may_follow, *self.optional))

    @property
    def missing(self) -> tuple[str, ...]:
        """Needed before anything is handed over, and not there."""
        return tuple(code for code in self.needed if code not in self.given)

    @property
    def outstanding(self) -> tuple[str, ...]:
        """Asked for, and not there."""
        return tuple(code for code in self.asked if code not in self.given)

    @property
    def unfinished(self) -> tuple[str, ...]:
        """What must be there before the request is approved, and is not."""
        return tuple(code for code in (*self.needed, *self.may_follow) if code not in self.given)

    def check(self, codes: Iterable[str]) -> tuple[str, ...]:
        """These codes, each once. Raises Unprocessable("material_unknown"), Unprocessable("material_given")."""
        found = tuple(dict.fromkeys(codes))
        if not found or not self.known.issuperset(found):
            raise Unprocessable("material_unknown", field="codes")
        if not frozenset(self.given).isdisjoint(found):
            raise Unprocessable("material_given", field="codes")
        return found

    def check_request(self, codes: Iterable[str]) -> tuple[str, ...]:
        """What a step asks for. Raises Conflict("materials_requested_before") and as ``check``."""
        if self.requested:
            raise Conflict("materials_requested_before")
        return self.check(codes)

    def complete_with(self, codes: Iterable[str]) -> bool:
        """Whether nothing that was asked for is outstanding once these are there."""
        return frozenset(self.outstanding) <= frozenset(codes)

    def with_asked(self, codes: Iterable[str], by: datetime, *, requested: bool) -> Self:
        """After they were asked for."""
        return replace(self, asked=tuple(codes), by=by, requested=self.requested or requested)

    def with_given(self, codes: Iterable[str]) -> Self:
        """After they were brought. When nothing is outstanding any more, nothing is asked for."""
        now = replace(self, given=tuple(dict.fromkeys((*self.given, *codes))))
        return now if now.outstanding else replace(now, asked=(), by=None)
