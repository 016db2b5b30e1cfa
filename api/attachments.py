"""Photos and documents on their way into a case, by whichever door they come.

They are looked at, cleaned and written as drafts first; then whatever they come with is done; then they are kept, in
one unit of work. So a refusal at any point leaves nothing behind, and the same photos sent again are kept once.
"""

import asyncio
import hashlib
import os
import uuid
from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import filetype
from fastapi import Request
from sqlalchemy import Connection

from api import pictures
from api.auth import Bearer, bearer, now
from api.house import House, house
from api.problems import Fault, Problem, invalid, not_found
from db.frontdesk.attachments import add_attachments, require_room
from db.frontdesk.commands import visible_case
from domain.authority import Actor, require_attacher
from domain.vocabulary import CommandKind

_KEYS: Final = uuid.UUID("6f1d2c0e-6a3b-5d0e-9a57-3f0c7d1b8e42")
"""The namespace in which a key of a client names an attachment."""


@dataclass(frozen=True, slots=True)
class File:
    """A file that may be attached: its type is what its content says."""

    name: str
    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A file that lies ready under a name that nobody reads."""

    path: Path
    sha256: str
    media_type: str
    size: int
    name: str


@dataclass(slots=True)
class Drafts:
    """Files of one sender for one case, ready to be kept."""

    here: House
    token: Bearer
    case: str
    files: list[Draft] = field(default_factory=list)

    async def keep(self, key: str | None, sent_with: CommandKind | None = None) -> list[Mapping[str, Any]]:
        """Attach them: all or none. The same ``key`` with the same content attaches once.

        Raises Problem(401), Problem(404), Forbidden("not_allowed"), Conflict("too_many_attachments") and
        Conflict("idempotency_key_reused").
        """
        if not self.files:
            return []
        at = now()
        await asyncio.to_thread(self._settle)

        def write(connection: Connection) -> list[Mapping[str, Any]]:
            actor = self.token.actor(connection)
            require_attaching(connection, actor, self.case)
            rows = [
                {
                    **self._row(draft, actor, sent_with),
                    "id": _id(self.case, actor, key, place),
                    "at": at + timedelta(microseconds=place),  # they are listed in the order in which they were chosen
                }
                for place, draft in enumerate(self.files)
            ]
            return add_attachments(connection, self.case, rows, most=self.here.rulebook.attachments.max_count)

        return await self.here.database.write(write)

    def _row(self, draft: Draft, actor: Actor, sent_with: CommandKind | None) -> dict[str, Any]:
        described = {name: getattr(draft, name) for name in ("sha256", "media_type", "size", "name")}
        return {
            **described,
            "case": self.case,
            "uploaded_by": actor.username,
            "sent_with": sent_with,
        }

    def _settle(self) -> None:
        for draft in self.files:
            _settled(draft.path, path_of(self.here.settings.attachments_dir, draft.sha256))

    def discard(self) -> None:
        """Remove what still lies there as a draft."""
        for draft in self.files:
            draft.path.unlink(missing_ok=True)


@asynccontextmanager
async def drafts(here: House, token: Bearer, case: str, sent: Iterable[File]) -> AsyncIterator[Drafts]:
    """The files as drafts, which are gone at the end unless they were kept.

    Raises Problem(401), (404), Forbidden("not_allowed"), Problem(422) for a picture that cannot be read, and
    Conflict("too_many_attachments"), before anything else is done.
    """
    made = Drafts(here, token, case)
    files = list(sent)
    if files:
        await here.database.read(lambda connection: _ready(connection, here, token, case, len(files)))
    try:
        for each in files:
            made.files.append(await _draft(here, each))
        yield made
    finally:
        await asyncio.to_thread(made.discard)


def _ready(connection: Connection, here: House, token: Bearer, case: str, count: int) -> None:
    require_attaching(connection, token.actor(connection), case)
    require_room(connection, case, count, most=here.rulebook.attachments.max_count)


def require_attaching(connection: Connection, actor: Actor, case: str) -> None:
    """Raises Problem(404) and Forbidden("not_allowed") for whoever may not attach to this case."""
    if visible_case(connection, actor, case) is None:
        raise not_found()
    require_attacher(actor)


def checked(here: House, name: str, content: bytes) -> File:
    """The file, if it may be attached. Raises Problem(413), Problem(415) and Problem(422, "file_empty")."""
    rules = here.rulebook.attachments
    if len(content) > rules.max_bytes:
        raise Problem(413, "body_too_large")
    if not content:
        raise invalid(Fault("file", "file_empty"))
    return File(name, content, _media_type(content, rules.media_types))


async def keep(request: Request, number: str, file: File, key: str | None) -> Mapping[str, Any]:
    """Attach a file by itself; what stands of it. Raises what ``drafts`` and ``Drafts.keep`` do."""
    async with drafts(house(request), bearer(request), number, [file]) as ready:
        (row,) = await ready.keep(key)
    return row


def _id(case: str, actor: Actor, key: str | None, place: int) -> str:
    """A new id; that of the first time for a key that comes again."""
    if key is None:
        return str(uuid.uuid4())
    named = (case, actor.username, key, *([str(place)] if place else []))
    return str(uuid.uuid5(_KEYS, "\x1f".join(named)))


async def _draft(here: House, sent: File) -> Draft:
    media_type = sent.media_type
    content = await pictures.bare(sent.content, media_type) if pictures.is_picture(media_type) else sent.content
    digest = hashlib.sha256(content).hexdigest()
    path = await asyncio.to_thread(_write_draft, here.settings.attachments_dir, digest, content)
    return Draft(path=path, sha256=digest, media_type=media_type, size=len(content), name=sent.name)


def _media_type(content: bytes, taken: Collection[str]) -> str:
    """What the content is. Raises Problem(415) unless it is one of those that are taken."""
    kind = filetype.guess(content[:8192])
    if kind is None or kind.mime not in taken:
        raise Problem(415, "file_type_refused")
    return str(kind.mime)


def path_of(directory: Path, digest: str) -> Path:
    """Where a file with this content lies."""
    return directory / digest[:2] / digest


def put(path: Path, content: bytes) -> None:
    """Write a file: all of it, flushed to the disk, or nothing. Twice is harmless."""
    _settled(_write_draft(path.parent.parent, path.name, content), path)


def _write_draft(directory: Path, digest: str, content: bytes) -> Path:
    path = path_of(directory, digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{digest}.{uuid.uuid4().hex}")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return draft


def _settled(draft: Path, path: Path) -> None:
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
