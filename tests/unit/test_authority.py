"""Who may give which command: the whole matrix by hand, role by role (C7, A9, A10, A12)."""

import pytest

from domain.authority import REPORTERS, TABLE, Actor, Relation, Standing, may, relations, require, require_reporter
from domain.errors import Forbidden
from domain.vocabulary import CommandKind, Role, UnitKind

K = CommandKind
STANDING = Standing(units=frozenset({"unit-a", "unit-b"}), desk="desk", reporting_officer="officer")

PLACES: dict[str, tuple[str, UnitKind]] = {
    # where the person sits, as the columns of the matrix
    "a": ("elsewhere", UnitKind.DEPARTMENT),  # anyone else
    "c": ("centre", UnitKind.CENTRE),
    "u": ("unit-b", UnitKind.DEPARTMENT),  # a unit that holds or held it
    "d": ("desk", UnitKind.DESK),
    "o": ("community", UnitKind.COMMUNITY),  # and is the officer who reported it
}

H, L, V, C, G, ORG, DIS = (
    Role.HANDLER, Role.UNIT_LEADER, Role.SUPERVISOR, Role.INTAKE_CLERK, Role.GRID_OFFICER, Role.ORGANIZATION_OFFICER,
    Role.DISCIPLINE_OFFICER,
)  # fmt: skip
ALL = "acudo"
CENTRE = {V: ALL, L: "c"}
UNIT = {H: "u", L: "u"}
OFFICERS = {ORG: ALL, DIS: ALL}

MATRIX: dict[CommandKind, dict[Role, str]] = {
    K.DISPATCH: CENTRE,
    K.ACKNOWLEDGE: UNIT,
    K.PROGRESS: UNIT,
    K.URGE: CENTRE,
    K.TAKE_OVER: {V: ALL, H: "u", L: "cu"},
    K.RETURN: UNIT,
    K.RULE_RETURN: CENTRE,
    K.REQUEST_EXTENSION: UNIT,
    K.DECIDE_EXTENSION: CENTRE,
    K.SUSPEND: CENTRE,
    K.RESUME: CENTRE,
    K.COMPLETE: UNIT,
    K.VERIFY: {**CENTRE, G: "o"},
    K.RATE: {**CENTRE, C: "d"},
    K.APPEAL: UNIT,
    K.RULE_APPEAL: CENTRE,
    K.WITHDRAW: {**CENTRE, C: "d", G: "o"},
    K.JOIN: {C: ALL, G: ALL, V: ALL},
    K.ASSIST: CENTRE,
    K.COMPLETE_STEP: {**UNIT, C: "d", V: ALL},  # a step beyond our reach is answered by hand
    K.REQUEST_MATERIALS: UNIT,
    K.BRING_MATERIALS: {**CENTRE, C: ALL},
    K.CONFIRM_HANDOFF: {**CENTRE, C: "d"},
    K.REBASE: {},  # by a calendar that was loaded only
    K.CONVENE: OFFICERS,
    K.WAIVE: OFFICERS,
    K.KEEP_MINUTES: OFFICERS,
    K.RECTIFY: {**OFFICERS, L: "u"},
    K.CHECK: OFFICERS,
    K.WITHDRAW_INTERVIEW: {},  # by an upheld appeal only
    K.HOLD_ACCOUNTABLE: CENTRE,
    K.RECORD_FINDINGS: OFFICERS,
    K.DECIDE_ACCOUNTABILITY: OFFICERS,
    K.CLOSE_ACCOUNTABILITY: OFFICERS,
}


def person(place: str, *roles: Role) -> Actor:
    """Somebody who sits there; the reporting officer where the column says so."""
    unit, kind = PLACES[place]
    username = "officer" if place == "o" else "somebody"
    return Actor(username=username, unit=unit, unit_kind=kind, roles=frozenset(roles))


def printed() -> str:
    """The matrix as the code has it, for whoever reads a failure."""
    lines = ["columns: a anyone, c centre, u unit, d desk, o reporting officer"]
    for kind in K:
        cells = [
            f"{role.value}={''.join(place for place in PLACES if may(person(place, role), kind, STANDING))}"
            for role in Role
            if any(may(person(place, role), kind, STANDING) for place in PLACES)
        ]
        lines.append(f"{kind.value:24}{' '.join(cells) or 'nobody'}")
    return "\n".join(lines)


def test_every_command_is_in_the_matrix() -> None:
    assert set(MATRIX) == set(K)
    assert set(TABLE) <= set(K)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("kind", K)
def test_role_may_give_a_command_exactly_where_the_matrix_says(kind: CommandKind, role: Role) -> None:
    allowed = {place for place in PLACES if may(person(place, role), kind, STANDING)}
    assert allowed == set(MATRIX[kind].get(role, "")), printed()


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.STATISTICIAN, Role.AUDITOR])
def test_role_may_nothing_when_it_only_runs_or_reads_the_system(role: Role) -> None:
    assert [kind for kind in K for place in PLACES if may(person(place, role), kind, STANDING)] == []
    assert role not in REPORTERS


@pytest.mark.parametrize("place", PLACES)
def test_nobody_may_anything_when_the_account_has_no_role(place: str) -> None:
    assert [kind for kind in K if may(person(place), kind, STANDING)] == []


def test_rights_add_up_when_a_person_has_two_roles() -> None:
    both = person("u", Role.HANDLER, Role.SUPERVISOR)
    assert may(both, K.ACKNOWLEDGE, STANDING)
    assert may(both, K.URGE, STANDING)
    assert not may(both, K.CONVENE, STANDING)


def test_refusal_is_forbidden_when_the_role_may_never() -> None:
    with pytest.raises(Forbidden, match="not_allowed") as caught:
        require(person("a", Role.HANDLER), K.URGE, STANDING)
    assert caught.value.http_status == 403
    require(person("a", Role.SUPERVISOR), K.URGE, STANDING)


def test_relations_add_up_when_somebody_stands_in_several() -> None:
    actor = Actor(username="officer", unit="desk", unit_kind=UnitKind.CENTRE, roles=frozenset())
    standing = Standing(units=frozenset({"desk"}), desk="desk", reporting_officer="officer")
    assert relations(actor, standing) == set(Relation)
    assert relations(person("o"), Standing()) == {Relation.ANYONE}, "nobody is the officer of a case without one"


@pytest.mark.parametrize("role", Role)
def test_report_may_be_brought_in_only_by_those_who_take_reports(role: Role) -> None:
    if role in (Role.INTAKE_CLERK, Role.GRID_OFFICER, Role.SUPERVISOR):
        require_reporter(person("a", role))
    else:
        with pytest.raises(Forbidden, match="not_allowed"):
            require_reporter(person("a", role))
