"""What became of each row, kept while a file is handed in, so that an interrupted run goes on where it stopped.

One line of JSON a row, appended when the answer is there. A line that was torn by a crash does not count: its row is
sent again, under the same key, and gets the same answer.
"""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO

_TAIL = 1 << 16  # bytes, longer than any line
REFUSED_HEADER = ("row", "code", "reason")


class JournalUnusable(Exception):
    """The file is the journal of something else, or cannot be used; the message says which."""


class Journal:
    """The rows that are done. ``done`` and ``refused`` count them; memory is one bit a row."""

    def __init__(self, path: Path, digest: str, url: str) -> None:
        self.path = path
        self.done = 0
        self.refused = 0
        self._head = {"file": digest, "url": url}
        self._bits = bytearray()
        self._stream: TextIO | None = None

    def __enter__(self) -> Self:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._resume()
            self._stream = self.path.open("a", encoding="utf-8")
        except OSError as error:
            raise JournalUnusable(f"{self.path}: {error.strerror}") from error
        if self._stream.tell() == 0:
            self._write(self._head)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._stream is not None:
            self._stream.close()

    def has(self, row: int) -> bool:
        """Whether the row was answered, either way."""
        return row >> 3 < len(self._bits) and bool(self._bits[row >> 3] & 1 << (row & 7))

    def accept(self, row: int, number: str) -> None:
        """The row became the case ``number``."""
        self._write({"row": row, "case": number})
        self._mark(row)

    def refuse(self, row: int, code: str, reason: str) -> None:
        """The row was refused for good."""
        self._write({"row": row, "code": code, "reason": reason})
        self._mark(row)
        self.refused += 1

    def write_refused(self, target: Path) -> None:
        """All refused rows so far as a CSV, in the order in which they were answered."""
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(REFUSED_HEADER)
            writer.writerows([line["row"], line["code"], line["reason"]] for line in self._lines() if "code" in line)

    def _resume(self) -> None:
        if not self.path.exists():
            return
        _drop_torn_line(self.path)
        for index, line in enumerate(self._lines()):
            if index == 0:
                self._require_same(line)
                continue
            self._mark(line["row"])
            self.refused += "code" in line

    def _require_same(self, head: dict[str, Any]) -> None:
        if head != self._head:
            raise JournalUnusable(
                f"{self.path} belongs to another file or address; choose another with --state, or remove it"
            )

    def _lines(self) -> Iterator[dict[str, Any]]:
        if self._stream is not None:
            self._stream.flush()
        with self.path.open("rb") as stream:
            for line in stream:
                yield _parsed(self.path, line)

    def _mark(self, row: int) -> None:
        if row >> 3 >= len(self._bits):
            self._bits.extend(bytes((row >> 3) - len(self._bits) + 1024))
        self._bits[row >> 3] |= 1 << (row & 7)
        self.done += 1

    def _write(self, line: dict[str, Any]) -> None:
        assert self._stream is not None, "the journal is used within its context"  # noqa: S101
        self._stream.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._stream.flush()


def _drop_torn_line(path: Path) -> None:
    """Cut off what follows the last line break."""
    with path.open("rb+") as stream:
        size = stream.seek(0, 2)
        start = stream.seek(max(0, size - _TAIL))
        stream.truncate(start + stream.read().rfind(b"\n") + 1)


def _parsed(path: Path, line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise JournalUnusable(f"{path} is no journal; choose another with --state")
    return found
