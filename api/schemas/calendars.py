"""A year's notice as administrators load it."""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from api.fields import STORY, Contract, text


def _without_mark(value: object) -> object:
    return value.removeprefix("\ufeff") if isinstance(value, str) else value


class NoticeIn(Contract):
    """``text``: CSV with the columns date, name, is_off_day (1: off, 0: worked); ``replace``: lay it over another."""

    text: Annotated[str, BeforeValidator(_without_mark), AfterValidator(text(STORY))]
    replace: bool = False
