"""Looks at personal data of a case: what a purpose opens, what is shown until then, what about a look is unusual. Pure.

Who may look at all is in ``domain.visibility``; the log is ``db.frontdesk.looks`` (C7, C8).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from domain.vocabulary import LookPurpose
from domain.worktime import SHANGHAI


class ContactField(StrEnum):
    """What may be known of who reported a case, or of who applies."""

    NAME = "name"
    PHONE = "phone"
    ADDRESS = "address"
    ID_TYPE = "id_type"
    ID_NUMBER = "id_number"
    PROXY_NAME = "proxy_name"
    PROXY_PHONE = "proxy_phone"
    PROXY_ID_NUMBER = "proxy_id_number"


class Oddity(StrEnum):
    """What about a look is worth a second one."""

    MANY = "many"
    """one of very many of the same person within an hour"""
    NIGHT = "night"
    FOREIGN_GRID = "foreign_grid"
    """a grid officer looked at a case of somebody else's grid"""


_F = ContactField
_REACHED: Final = frozenset({_F.NAME, _F.PHONE, _F.PROXY_NAME, _F.PROXY_PHONE})
_IDENTIFIED: Final = frozenset({_F.NAME, _F.ID_TYPE, _F.ID_NUMBER, _F.PROXY_NAME, _F.PROXY_ID_NUMBER})

OPENS: Final[Mapping[LookPurpose, frozenset[ContactField]]] = {
    LookPurpose.CONTACT: _REACHED | {_F.ADDRESS},
    LookPurpose.VERIFY_IDENTITY: _IDENTIFIED,
    LookPurpose.HAND_OVER: frozenset(ContactField),
    LookPurpose.COMPLAINT: _REACHED,
}
"""What each purpose needs, and no more."""

MANY: Final = 30
"""So many looks of one person within an hour, the present one counted, are unusual."""

HOUR: Final = timedelta(hours=1)
_NIGHT_BEGINS: Final = 22
_NIGHT_ENDS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """Under which somebody looks.

    earlier    looks of the same person within the hour before
    grid       of the case; None: it has none
    own_grids  of the person; empty: of all grids, as at a desk or in the centre
    """

    at: datetime
    earlier: int
    grid: str | None = None
    own_grids: frozenset[str] = frozenset()


def oddities(of: Circumstances) -> tuple[Oddity, ...]:
    """What is unusual about a look. It is done all the same: somebody reviews it."""
    hour = of.at.astimezone(SHANGHAI).hour
    found = {
        Oddity.MANY: of.earlier + 1 >= MANY,
        Oddity.NIGHT: hour >= _NIGHT_BEGINS or hour < _NIGHT_ENDS,
        Oddity.FOREIGN_GRID: bool(of.own_grids) and of.grid is not None and of.grid not in of.own_grids,
    }
    return tuple(oddity for oddity, holds in found.items() if holds)


def opened(known: Mapping[ContactField, str | None], purpose: LookPurpose) -> dict[ContactField, str]:
    """What of the known values this purpose opens, in the order of the fields; what is not known is left out."""
    return {name: value for name in ContactField if name in OPENS[purpose] and (value := known.get(name))}


def masked_name(name: str | None) -> str | None:
    """The first character: enough to greet by surname, for most."""
    return name and name[0] + "*" * min(2, max(1, len(name) - 1))


def masked_phone(phone: str | None) -> str | None:
    """The last four digits behind stars, of a longer number the code of the country or network before them too."""
    if not phone:
        return phone
    number, extension, _ = phone.partition(";")
    shown = number[:3] if len(number) > 10 else ""
    stars = "*" * max(1, len(number) - len(shown) - 4)
    return f"{shown}{stars}{number[-4:] if len(number) > 6 else ''}{'' if not extension else ' *'}"


def masked_address(address: str | None) -> str | None:
    """Its beginning, which is the district for most."""
    return address and (address[:6] + "***" if len(address) > 6 else "***")
