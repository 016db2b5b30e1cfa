"""How messages become payloads: JSON by pydantic, as the engine's SDK does it, with one cache for all workflows.

The SDK gives every workflow a converter of its own, and so a cache of its own: it would work out the shape of each
message anew for every case (2 ms for an ``Opening``, and its memory as long as the case is cached). Shapes have no
state, so one instance serves all.
"""

from temporalio.contrib.pydantic import PydanticJSONPlainPayloadConverter
from temporalio.converter import (
    CompositePayloadConverter,
    DataConverter,
    DefaultPayloadConverter,
    JSONPlainPayloadConverter,
)

_JSON = PydanticJSONPlainPayloadConverter()


class MessageConverter(CompositePayloadConverter):
    """The SDK's converters, the one for JSON replaced by the shared one."""

    def __init__(self) -> None:
        given = DefaultPayloadConverter.default_encoding_payload_converters
        super().__init__(*(_JSON if isinstance(one, JSONPlainPayloadConverter) else one for one in given))


MESSAGES = DataConverter(payload_converter_class=MessageConverter)
"""The data converter of every client and worker."""
