"""JSON answers. Instants as RFC 3339 in UTC, one spelling everywhere; closed sets as their values."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from fastapi import Response


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, tuple | set | frozenset):
        return sorted(value)
    raise TypeError(f"no JSON for {type(value).__name__}")


def answer(content: Any, status: int = 200, *, headers: Mapping[str, str] | None = None) -> Response:
    """``content`` as JSON."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=_plain)
    return Response(text, status, headers=dict(headers or {}), media_type="application/json")


def items(rows: list[Any], **more: Any) -> Response:
    """A list, as every list is answered."""
    return answer({"items": rows, **more})
