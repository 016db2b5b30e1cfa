"""What is wrong with rulebook files: every fault with its file and line, what was expected and what was found."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault. ``where`` is the path of keys; ``line`` counts from 1; ``code`` for faults that pages tell, too."""

    file: Path
    line: int
    where: str
    expected: str
    found: str
    code: str = ""

    def __str__(self) -> str:
        where = f"{self.where}: " if self.where else ""
        return f"{self.file}:{self.line}: {where}expected {self.expected}, found {self.found}"


class RulebookInvalid(Exception):
    """The files are no rulebook. ``problems`` has all faults that could be found, in order of file and line."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))
