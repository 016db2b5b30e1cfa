"""The files of a rulebook directory, with those of the rulebook that it extends beneath them, checked for shape."""

from pathlib import Path
from typing import Any, Final, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from rulebook.marked import Marked, overlaid, read
from rulebook.problems import Problem

MAIN: Final = "rulebook.yaml"
_DEEPEST: Final = 8

Model = TypeVar("Model", bound=BaseModel)


def layers(directory: Path, problems: list[Problem]) -> list[Path]:
    """The directory and those that it extends, outermost last."""
    found = [directory]
    while len(found) <= _DEEPEST:
        main = read(found[-1] / MAIN, problems)
        extends = main.value.get("extends") if main is not None and isinstance(main.value, dict) else None
        if extends is None or not isinstance(extends.value, str):
            return found
        below = (found[-1] / extends.value).resolve()
        if not (below / MAIN).is_file() or below in found:
            problems.append(extends.problem("extends", f"a directory with another {MAIN}", repr(extends.value)))
            return found
        found.append(below)
    return found


def tree(paths: list[Path], name: str, problems: list[Problem]) -> Marked | None:
    """One file of the rulebook: that of the lowest layer with those above laid over it."""
    files = [path / name for path in reversed(paths) if (path / name).is_file()]
    if not files:
        problems.append(Problem(paths[0] / name, 1, "", "a file", "none"))
        return None
    merged: Marked | None = None
    for file in files:
        marked = read(file, problems)
        if marked is not None:
            merged = marked if merged is None else overlaid(merged, marked)
    return merged


def checked(model: type[Model], marked: Marked | None, problems: list[Problem]) -> Model | None:
    """The file as a model; None, with every fault noted, when it has another shape."""
    if marked is None:
        return None
    try:
        return model.model_validate(marked.plain)
    except ValidationError as fault:
        problems.extend(_problem(model, marked, error) for error in fault.errors(include_url=False))
        return None


def _problem(model: type[BaseModel], marked: Marked, error: ErrorDetails) -> Problem:
    path = tuple(error["loc"])
    where = ".".join(str(step) for step in path)
    fault = error["type"]
    if fault == "missing":
        return marked.at(path[:-1]).problem(where, f"the key '{path[-1]}'", "nothing")
    if fault == "extra_forbidden":
        known = ", ".join(_keys(model, path[:-1])) or "known keys only"
        return marked.at(path).problem(where, f"one of the keys {known}", f"'{path[-1]}'")
    return marked.at(path).problem(where, _expected(error), _shown(error["input"]))


def _expected(error: ErrorDetails) -> str:
    return error["msg"].removeprefix("Input should be ").replace("String should", "text that should")


def _shown(value: Any) -> str:
    shown = repr(value) if value is not None else "nothing"
    return shown if len(shown) <= 60 else f"{shown[:57]}…"


def _keys(model: type[BaseModel], path: tuple[int | str, ...]) -> list[str]:
    """The keys that the model at the path of a file knows."""
    kind: Any = model
    for step in path:
        if isinstance(step, str) and step in kind.model_fields:
            kind = _model_within(kind.model_fields[step].annotation) or kind
    return [field.alias or name for name, field in kind.model_fields.items()]


def _model_within(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for arg in get_args(annotation) if (found := _model_within(arg)) is not None), None)
