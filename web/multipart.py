"""Forms of ours that carry files: fields and files of one form, limited while they come, from somebody signed in."""

from typing import Final

from fastapi import Request

from api.auth import of_cookie
from api.house import House
from api.uploads import Sent, is_multipart, read_parts
from web.session import FIELD, MOST_FIELDS, Form, read_form, require_token

PHOTOS: Final = "photos"
"""The field of a form that holds its photos; it may come several times."""

Files = tuple[Sent, ...]


async def read_form_with_files(here: House, request: Request) -> tuple[Form, Files]:
    """The fields of a form of ours, and the files of its field ``photos``; a form without files may be an ordinary one.

    Several files together may have twice the bytes that the rulebook allows one. Nobody but who is signed in gets that
    far. Raises Problem(401), (413), (415), (400), (403, "form_expired").
    """
    if not is_multipart(request):
        return await read_form(here, request), ()
    await here.database.read(of_cookie(request).actor)
    rules = here.rulebook.attachments
    parts = await read_parts(
        request, most=rules.max_bytes, total=2 * rules.max_bytes, files=rules.max_count, fields=MOST_FIELDS
    )
    form = dict(parts.fields)
    require_token(here, request, form.pop(FIELD, ""))
    # a browser sends an empty file for a field in which nothing was chosen
    return form, tuple(sent for field, sent in parts.files if field == PHOTOS and sent.content)
