"""What a desk asks the register: by body, so that no number of a person gets into an address or a log (B5)."""

from typing import Annotated

from pydantic import Field

from api.fields import Code, Contract
from domain.identity import LONGEST, IdentityKind


class LookupIn(Contract):
    """Whose record, and for which item. Without ``id_type`` the number tells of what paper it is."""

    id_type: IdentityKind | None = None
    id_number: Annotated[str, Field(max_length=LONGEST)]
    item: Code
