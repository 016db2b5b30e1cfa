"""The opener outlives whatever stands in its way."""

import asyncio
from collections.abc import Iterable
from typing import cast

from api.desk import Desk
from api.opener import Opener
from db.errors import StoreUnavailable
from db.frontdesk.starting import Start
from domain.vocabulary import DossierKind

MANY = 5_000


class LockedStore:
    """A desk that starts everything and can note nothing."""

    def __init__(self) -> None:
        self.opened = 0
        self.all_opened = asyncio.Event()

    async def open(self, start: Start) -> None:
        self.opened += 1
        if self.opened == MANY:
            self.all_opened.set()

    async def note_started(self, dossiers: Iterable[str]) -> None:
        raise StoreUnavailable("database is locked")


async def test_goes_on_starting_while_the_database_is_locked() -> None:
    desk = LockedStore()
    opener = Opener(cast("Desk", desk))
    for number in range(MANY):
        opener.add(Start(dossier=str(number), kind=DossierKind.INCIDENT, state={}))
    opener.begin()
    try:
        await asyncio.wait_for(desk.all_opened.wait(), 10)
    finally:
        await opener.end()
    assert opener.backlog == 0
