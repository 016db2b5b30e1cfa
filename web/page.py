"""How every page is made: who reads, what is read in one unit of work, and the frame around it."""

import gzip
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from fastapi import Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import Connection

from api.auth import now
from api.house import House, house
from db.frontdesk.identity import Identity
from db.queries.notices import count_unread
from domain.authority import Actor
from domain.plain import instant
from domain.vocabulary import Light
from domain.worktime import SHANGHAI
from web import files, words
from web.language import Language, Say, language_of, refusal, speaker
from web.navigation import entries
from web.session import SEED_COOKIE, form_token, keep_cookie, seed_of, signed_in
from web.times import Times

TEMPLATES: Final = Path(__file__).with_name("templates")
MOST_UNREAD: Final = 99

_WORTH_PACKING: Final = 1_000
_PACKED: Final = 5
"""How hard: a page of 100 kB takes some two milliseconds and is a tenth of its size."""

_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'",
    "Cache-Control": "no-store",
}

Content = dict[str, Any]
Work = Callable[[Connection, Actor], Content]


@dataclass(frozen=True, slots=True)
class Visit:
    """One request for a page."""

    request: Request
    here: House
    language: Language
    say: Say
    at: datetime

    @property
    def times(self) -> Times:
        """Times in the reader's language."""
        return Times(self.say, self.at)

    @property
    def words(self) -> words.Words:
        """Words of closed sets in the reader's language."""
        return words.Words(self.say, self.language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What stands around the content: who reads, where they can go, how many notices wait."""

    identity: Identity
    unread: int


def visit(request: Request) -> Visit:
    """The request as pages see it."""
    language = language_of(request)
    return Visit(request, house(request), language, speaker(language), now())


@cache
def environment() -> Environment:
    """The templates. Everything is escaped, and a name that is not there is a mistake."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"asset": files.address}
    return made


async def show(request: Request, template: str, work: Work, *, status: int = 200, **more: Any) -> Response:
    """A page for somebody who is signed in: ``work`` reads its content. Raises Problem(401) and what ``work`` does."""
    seen = visit(request)
    token = signed_in(request)

    def read(connection: Connection) -> tuple[Frame, Content]:
        identity = token.identify(connection)
        unread = count_unread(connection, identity.actor, most=MOST_UNREAD + 1)
        return Frame(identity=identity, unread=unread), work(connection, identity.actor)

    frame, content = await seen.here.database.read(read)
    return render(seen, template, {**content, **more}, frame=frame, status=status)


async def fragment(request: Request, template: str, work: Work) -> Response:
    """A part of a page, to be put in the place of what stands there."""
    seen = visit(request)
    token = signed_in(request)
    content = await seen.here.database.read(lambda connection: work(connection, token.actor(connection)))
    return render(seen, template, content)


def render(
    seen: Visit,
    template: str,
    content: Mapping[str, Any],
    *,
    frame: Frame | None = None,
    status: int = 200,
) -> Response:
    """The HTML, with the headers that every page has."""
    seed = seed_of(seen.request)
    context = {**_context(seen, frame), **content, "form_token": form_token(seen.here, seen.request, seed)}
    response = _packed(seen.request, environment().get_template(template).render(context), status)
    if seed != seen.request.cookies.get(SEED_COOKIE):
        keep_cookie(seen.request, response, SEED_COOKIE, seed)
    return response


def _packed(request: Request, html: str, status: int) -> Response:
    """The answer, packed for a browser that takes it so. What must stay secret in it is masked (``form_token``)."""
    body, headers = html.encode(), {**_HEADERS, "Vary": "Accept-Encoding"}
    if len(body) >= _WORTH_PACKING and "gzip" in request.headers.get("accept-encoding", ""):
        body, headers["Content-Encoding"] = gzip.compress(body, _PACKED), "gzip"
    return Response(body, status, headers, media_type="text/html")


def _context(seen: Visit, frame: Frame | None) -> Content:
    say, times = seen.say, seen.times
    spoken = seen.words
    return {
        "_": say,
        "language": seen.language,
        "light_names": {light: spoken.word(light) for light in Light},
        "word": spoken.word,
        "named": spoken.named,
        "called": spoken.called,
        "limit": spoken.limit,
        "refusal": lambda code: refusal(seen.language, code),
        "when": times.when,
        "stamp": times.stamp,
        "day": times.day,
        "span": times.span,
        "field_of": times.field,
        "instant_of": instant,
        "now": seen.at,
        "today": seen.at.astimezone(SHANGHAI).date(),
        "here_path": _path(seen.request),
        "path": seen.request.url.path,
        "frame": frame,
        "navigation": entries(frame.identity.actor) if frame else (),
        "most_unread": MOST_UNREAD,
    }


def _path(request: Request) -> str:
    query = request.url.query
    return request.url.path + (f"?{query}" if query else "")
