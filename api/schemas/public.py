"""What residents send, without an account."""

from typing import Annotated

from pydantic import Field

from api.fields import Contract, Note
from api.schemas.commands import Score


class RatingIn(Contract):
    """The reporter's own answer (A12): with the code of the receipt."""

    code: Annotated[str, Field(max_length=40)]
    score: Score
    solved: bool
    comment: Note = ""
