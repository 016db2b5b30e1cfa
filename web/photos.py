"""Photos that come with a form, and the strip of photos on the page of a case."""

import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from fastapi import Request

from api import pictures
from api.attachments import Drafts, checked, drafts
from api.house import House
from api.problems import Problem
from db.errors import StoreUnavailable
from domain.errors import Refused
from domain.vocabulary import CommandKind
from web.directory import Directory
from web.language import mark
from web.multipart import Files
from web.page import Visit
from web.session import signed_in

NOT_KEPT: Final = "not-kept"
"""What the address says when a command was carried out and its photos could not be kept."""

_log = logging.getLogger("bihuan.web")


@dataclass(frozen=True, slots=True)
class Photos:
    """Photos that lie ready while the command that they came with is given."""

    ready: Drafts

    async def keep(self, key: str, sent_with: CommandKind) -> bool:
        """Keep them, now that the command is done; False when that failed: the command stands all the same."""
        try:
            await self.ready.keep(self._key(key), sent_with)
        except (Problem, Refused, StoreUnavailable, OSError) as error:
            _log.warning("photos not kept: %s", type(error).__name__)
            return False
        return True

    async def add(self, key: str) -> None:
        """Keep them by themselves. Raises as ``api.attachments.Drafts.keep``."""
        await self.ready.keep(self._key(key))

    def _key(self, key: str) -> str | None:
        """Other photos under the same form are other photos; the same are kept once."""
        return "-".join((key, *(draft.sha256 for draft in self.ready.files))) if key else None


@asynccontextmanager
async def photos_of(here: House, request: Request, number: str, files: Files) -> AsyncIterator[Photos]:
    """The photos of a form, looked at and ready before its command is given, gone afterwards unless they were kept.

    So a photo that cannot be taken refuses the form while nothing has been done, a command that is refused leaves no
    photo, and what is sent again after a doubt is kept once. Raises as ``api.attachments.drafts``.
    """
    taken = [checked(here, sent.name, sent.content) for sent in files]
    async with drafts(here, signed_in(request), number, taken) as ready:
        yield Photos(ready)


def strip_of(seen: Visit, view: Mapping[str, Any], codes: Directory) -> list[dict[str, Any]]:
    """The files of a case as its page shows them, each with what it is called and by whom and when it came."""
    found: Sequence[Mapping[str, Any]] = view.get("attachments", ())
    return [_shown(seen, view["number"], place, file, codes) for place, file in enumerate(found, start=1)]


def _shown(seen: Visit, number: str, place: int, file: Mapping[str, Any], codes: Directory) -> dict[str, Any]:
    say, picture = seen.say, pictures.is_picture(file["media_type"])
    address = f"/api/v1/cases/{number}/attachments/{file['id']}"
    told = [
        say(mark("第 {n} 张照片") if picture else mark("第 {n} 个文件"), n=place),
        *([codes.person(file["by"])] if file["by"] else []),
        *([seen.words.word(file["sent_with"])] if file["sent_with"] else []),
        seen.times.stamp(file["at"]),
    ]
    return {
        **file,
        "picture": picture,
        "who": codes.person(file["by"]) if file["by"] else None,
        "told": say(mark("，")).join(told),
        "file": address,
        "thumbnail": f"{address}/thumbnail",
        "page": f"/cases/{number}/photos/{file['id']}",
        "kilobytes": max(1, round(file["size"] / 1024)),
    }
