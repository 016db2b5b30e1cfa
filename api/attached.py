"""The files of a case as a person may see them listed."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection

from db.frontdesk.attachments import attachments_of
from domain.authority import Actor
from domain.visibility import reads_sender

_NAMELESS: Final[Mapping[str, str]] = {
    "image/jpeg": "photo.jpg",
    "image/png": "photo.png",
    "image/webp": "photo.webp",
    "image/gif": "photo.gif",
    "application/pdf": "document.pdf",
}


_ENDINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/webp": (".webp",),
    "image/gif": (".gif",),
    "application/pdf": (".pdf",),
}
"""How a file of this type may end: a machine opens what was saved by its ending, not by what it is."""


def attached(connection: Connection, actor: Actor, case: str, *, revealing: bool) -> list[dict[str, Any]]:
    """The files, oldest first. ``revealing``: the reader may know who reported the case."""
    return [shown(row, actor, revealing=revealing) for row in attachments_of(connection, case)]


def shown(row: Mapping[str, Any], actor: Actor, *, revealing: bool) -> dict[str, Any]:
    """One file: its name, and who sent it, for those who may know."""
    known = reads_sender(actor, row["uploaded_by"], row["sent_with"], revealing=revealing)
    return {
        **{name: row[name] for name in ("id", "media_type", "size")},
        "name": _named(row) if known else _NAMELESS.get(row["media_type"], "file"),
        "at": row["at"],
        "by": row["uploaded_by"] if known else None,
        "sent_with": row["sent_with"],
    }


def _named(row: Mapping[str, Any]) -> str:
    """As its sender called it; with the ending of its type, if it had another."""
    name, endings = str(row["name"]), _ENDINGS.get(row["media_type"], ())
    return name if not endings or name.lower().endswith(endings) else name + endings[0]
