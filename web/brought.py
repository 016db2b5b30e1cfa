"""Photos that come with a report: looked at before it is taken, attached once it has a number."""

from collections.abc import Sequence

from fastapi import Request

from api.attachments import File, checked, drafts
from api.house import House, house
from api.problems import Problem
from domain.errors import Refused
from web.multipart import Files
from web.session import signed_in


def looked_at(here: House, files: Files) -> list[File]:
    """The photos, if each of them may be attached. Raises Problem(413), (415), (422)."""
    return [checked(here, sent.name, sent.content) for sent in files]


async def attached(request: Request, number: str, files: Sequence[File], key: str) -> str | None:
    """Attach them, each once for the ``key`` of the form; the code of a refusal, if they were refused."""
    try:
        async with drafts(house(request), signed_in(request), number, files) as ready:
            await ready.keep(key or None)
    except (Problem, Refused) as error:
        return error.code
    return None
