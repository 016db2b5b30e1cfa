"""Small files, small functions: what does not fit has two subjects."""

import ast
from collections.abc import Iterator

from tests.architecture.source import Source, functions, offences, product, source

FILE = 300
WORKFLOW = 200
FUNCTION = 30


def too_long_a_file(file: Source) -> Iterator[str]:
    """The file, when it has as many lines as its limit or more."""
    limit = WORKFLOW if file.path.startswith("workflows/") else FILE
    lines = file.text.count("\n")
    if lines >= limit:
        yield f"1 has {lines} lines, the limit is {limit}"


def too_long_a_function(file: Source) -> Iterator[str]:
    """Functions whose body has too many lines. Signature, docstring, comments and blank lines do not count."""
    lines = file.text.splitlines()
    for function in functions(file.tree):
        body = _body(function)
        if not body or function.end_lineno is None:
            continue
        code = [line.strip() for line in lines[body[0].lineno - 1 : function.end_lineno]]
        size = sum(1 for line in code if line and not line.startswith("#"))
        if size >= FUNCTION:
            yield f"{function.lineno} {function.name} has {size} lines, the limit is {FUNCTION}"


def _body(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.stmt]:
    return function.body[1:] if ast.get_docstring(function) is not None else function.body


def test_files_are_under_300_lines_and_workflows_under_200() -> None:
    assert offences(too_long_a_file, product()) == []


def test_functions_are_under_30_lines() -> None:
    assert offences(too_long_a_function, product()) == []


def test_offence_is_found_when_there_is_one() -> None:
    long_function = "def f():\n" + "    x = 1\n" * FUNCTION
    assert offences(too_long_a_function, [source("api/a.py", long_function)])
    assert offences(too_long_a_file, [source("workflows/a.py", "x = 1\n" * WORKFLOW)])
    assert not offences(too_long_a_file, [source("api/a.py", "x = 1\n" * WORKFLOW)])
