"""What an approved application proved goes back to the register (B5): its claims become facts.

Keyed by case and name, so a repeat is harmless. A case that is opened again has proved nothing until it is decided.
"""

from sqlalchemy import Connection, select, update

from db.once import insert_once
from db.tables import PersonClaim, PersonFact, core
from domain.messages import Event
from domain.vocabulary import Outcome

_claims, _facts = core(PersonClaim), core(PersonFact)


def prove(connection: Connection, number: str, event: Event) -> None:
    """At a completion of the case ``number``: its claims are facts from now on, if it was approved."""
    if event.data.get("outcome") != Outcome.APPROVED.value:
        return
    claims = select(_claims.c.name, _claims.c.person, _claims.c.value).where(_claims.c.case == number)
    rows = [{**claim, "case": number, "at": event.at} for claim in connection.execute(claims).mappings().all()]
    if not rows:
        return
    insert_once(connection, _facts, rows)
    again = update(_facts).where(_facts.c.case == number, _facts.c.withdrawn_at.is_not(None))
    connection.execute(again.values(at=event.at, withdrawn_at=None))


def withdraw(connection: Connection, number: str, event: Event) -> None:
    """At a reopening of the case ``number``: what it had proved no longer counts."""
    standing = update(_facts).where(_facts.c.case == number, _facts.c.withdrawn_at.is_(None))
    connection.execute(standing.values(withdrawn_at=event.at))
