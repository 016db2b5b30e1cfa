"""Whatever a person reads of cases goes through the scope: what is outside is not found."""

import ast
from collections.abc import Iterator, Mapping

from tests.architecture.source import Source, functions, imported, offences, product, source, under

GUARDED = frozenset(
    {
        "AccountabilityRow",
        "Application",
        "CaseRow",
        "InterviewRow",
        "JoinedReport",
        "Look",
        "Person",
        "PersonClaim",
        "PersonFact",
        "Report",
    }
)
"""Tables whose rows not everybody may see."""

READERS_WITHOUT_SCOPE: Mapping[str, tuple[str, ...]] = {
    "case_report": ("api/contacts.py", "api/kinds.py", "api/routes/accountability.py", "api/routes/duplicates.py"),
    "case_standing": ("api/kinds.py",),
    "count_accountability": ("db/frontdesk/accountability.py",),
    "dossier_head": ("db/frontdesk/starting.py", "launch/"),
    "joined_at": ("web/casefile.py",),
    "joined_among": ("api/duplicates.py",),
    "joined_report": ("api/contacts.py", "api/joined_view.py", "api/tracking.py"),
    "joined_reports": ("api/joined_view.py",),
    "open_dossiers": ("launch/",),
    "tracked_row": ("api/tracking.py",),
}
"""Queries that see every row, and who may call them: for a case that was found already, for the engine, or for whoever
has shown the code of the case."""

SCOPES = frozenset(
    {"case_conditions", "visible_accountability", "visible_cases", "visible_interviews", "visible_looks"}
)


def reads_without_scope(file: Source) -> Iterator[str]:
    """Public queries on guarded tables that do not ask for whom."""
    tables = set(_guarded_names(file))
    bodies = {function.name: function for function in functions(file.tree)}
    for name, function in bodies.items():
        if name.startswith("_") or name in READERS_WITHOUT_SCOPE:
            continue
        used = _names(function, bodies)
        asked = any(argument.arg == "actor" for argument in (*function.args.args, *function.args.kwonlyargs))
        if used & tables and not (asked and used & SCOPES):
            yield f"{function.lineno} {name} reads {', '.join(sorted(used & tables))} without a scope"


def _guarded_names(file: Source) -> Iterator[str]:
    """Names of the module that stand for guarded tables, their columns, or what is made of them."""
    known = set(GUARDED)
    for statement in file.tree.body:
        match statement:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
            ):
                if {node.id for node in ast.walk(value) if isinstance(node, ast.Name)} & known:
                    known.add(name)
    yield from known


def _names(function: ast.AST, bodies: Mapping[str, ast.AST]) -> set[str]:
    """Every name that a function uses, itself or through the functions of its module."""
    found: set[str] = set()
    waiting = [function]
    while waiting:
        names = {node.id for node in ast.walk(waiting.pop()) if isinstance(node, ast.Name)}
        waiting += [bodies[name] for name in names - found if name in bodies]
        found |= names
    return found


def calls_what_sees_everything(file: Source) -> Iterator[str]:
    """Imports of a query that sees every row, by anybody whom the table above does not name."""
    for line, dotted in imported(file.tree):
        callers = READERS_WITHOUT_SCOPE.get(dotted.rpartition(".")[2])
        if dotted.startswith("db.queries.") and callers is not None and not file.path.startswith(callers):
            yield f"{line} imports {dotted}"


def test_every_query_on_behalf_of_a_person_carries_a_scope() -> None:
    assert offences(reads_without_scope, under("db/queries")) == []


def test_queries_that_see_everything_are_called_by_their_known_callers_only() -> None:
    assert offences(calls_what_sees_everything, product()) == []


def test_known_exceptions_exist() -> None:
    names = {function.name for file in under("db/queries") for function in functions(file.tree)}
    assert names >= set(READERS_WITHOUT_SCOPE)


TABLES = "_c = core(CaseRow).c\n"


def test_offence_is_found_when_there_is_one() -> None:
    direct = TABLES + "def board(connection):\n    return connection.execute(select(_c.number))"
    hidden = TABLES + "def board(connection):\n    return _all()\ndef _all():\n    return select(_c.number)"
    unused = TABLES + "def board(connection, actor):\n    return select(_c.number)"
    for text in (direct, hidden, unused):
        assert offences(reads_without_scope, [source("db/queries/made_up.py", text)])
    call = "from db.queries.cases import case_report"
    assert offences(calls_what_sees_everything, [source("api/routes/made_up.py", call)])
