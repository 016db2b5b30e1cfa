"""Finding items as clerks type: names, initials, pinyin, English, and how people say it. And who holds a step."""

import pytest

from domain.catalogue.holders import Holders, UnitPlace
from domain.catalogue.items import CatalogueVersion, Holder, HolderKind, Item, ItemKind
from domain.errors import Unprocessable
from domain.vocabulary import UnitKind
from rulebook.catalogue.pinyin import spells, syllables
from rulebook.catalogue.search import ItemSearch
from tests.unit.rulebooks import shipped


def version(*items: Item) -> CatalogueVersion:
    first = shipped().catalogue.versions[0]
    return CatalogueVersion(version="x", effective_from=first.effective_from, effective_to=None, lines=(), items=items)


def item(code: str, name: str, name_en: str = "", *keywords: str) -> Item:
    return Item(
        code=code, name=name, name_en=name_en or name, line="tea", kind=ItemKind.LICENCE, keywords=tuple(keywords)
    )


TEA = version(
    item("tea-house", "茶馆登记", "Tea house", "喝茶"),
    item("tea-house-change", "茶馆登记变更", "Change of a tea house"),
    item("cut-tree", "修剪重点树木", "Pruning of trees"),
    item("record-tea", "登记茶馆", "Records of tea", "档案"),
    item("011-X_2.b", "饮品制售", "Drinks"),
)


def found(query: str) -> list[str]:
    return [each.code for each in ItemSearch(TEA).find(query)]


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", ["tea-house", "tea-house-change", "cut-tree", "record-tea", "011-X_2.b"]),
        ("   ", ["tea-house", "tea-house-change", "cut-tree", "record-tea", "011-X_2.b"]),
        ("茶馆登记", ["tea-house", "tea-house-change", "record-tea"]),
        ("011-x_2.B", ["011-X_2.b"]),
        ("喝茶", ["tea-house"]),
        ("cgdj", ["tea-house", "tea-house-change"]),
        ("chaguan", ["tea-house", "tea-house-change", "record-tea"]),
        ("chagdj", ["tea-house", "tea-house-change"]),
        ("cha guan", ["tea-house", "tea-house-change", "record-tea"]),
        ("zhongdian", ["cut-tree"]),
        ("chongdian", ["cut-tree"]),
        ("dangan", ["record-tea"]),
        ("drinks", ["011-X_2.b"]),
        ("prun", ["cut-tree"]),
        ("我要办茶馆变更", ["tea-house-change"]),
        ("茶馆 变更", ["tea-house-change"]),
        ("ＣＧＤＪ", ["tea-house", "tea-house-change"]),
        ("qqq", []),
        ("火锅", []),
        ("*.%", []),
    ],
)
def test_items_come_in_the_order_of_likelihood(query: str, codes: list[str]) -> None:
    assert found(query) == codes


def test_search_keeps_to_a_line_when_one_is_named() -> None:
    search = ItemSearch(shipped().catalogue.versions[-1])
    assert {each.line for each in search.find("补贴", line="health")} == {"health"}
    assert search.find("补贴", line="nobody") == []


@pytest.mark.parametrize(
    ("letters", "name"), [("db", "低保"), ("sb", "社保"), ("lsjz", "临时救助"), ("sfz", "身份证"), ("yb", "医保")]
)
def test_all_initials_of_a_name_or_of_what_people_call_it_come_first(letters: str, name: str) -> None:
    first = ItemSearch(shipped().catalogue.versions[-1]).find(letters)[0]
    assert name in first.name or any(name in keyword for keyword in first.keywords)


@pytest.mark.parametrize("each", shipped().catalogue.versions[-1].items, ids=lambda each: each.code)
def test_every_item_is_found_by_its_name_its_initials_and_its_code(each: Item) -> None:
    search = ItemSearch(shipped().catalogue.versions[-1])
    initials = "".join(readings[0][0] for readings in syllables(each.name))
    whole = "".join(readings[0] for readings in syllables(each.name))
    assert search.find(each.name)[0] == each
    assert search.find(each.code)[0] == each
    assert each in search.find(initials)
    assert each in search.find(whole)


@pytest.mark.parametrize(
    "letters", ["c", "cj", "cjr", "can", "canj", "canjiren", "cjren", "canjrz", "canjirenzheng", "cjrzh"]
)
def test_name_is_spelt_by_syllables_their_beginnings_or_initials(letters: str) -> None:
    assert spells(syllables("残疾人证"), 0, letters)


@pytest.mark.parametrize("letters", ["x", "ca nj", "cjz", "canjirenzhengx", "anji"])
def test_other_letters_spell_another_name(letters: str) -> None:
    assert not spells(syllables("残疾人证"), 0, letters)


def test_what_is_no_chinese_is_spelt_by_itself() -> None:
    assert syllables("A股（4050）!") == (("a",), ("gu",), ("4",), ("0",), ("5",), ("0",))


# who holds a step

STREETS = Holders(
    [
        UnitPlace(code="east", kind=UnitKind.DEPARTMENT, line="government"),
        UnitPlace(code="west", kind=UnitKind.DEPARTMENT, line="government"),
        UnitPlace(code="east-housing", kind=UnitKind.DEPARTMENT, line="housing", parent="east"),
        UnitPlace(code="west-housing", kind=UnitKind.DEPARTMENT, line="housing", parent="west"),
        UnitPlace(code="housing-bureau", kind=UnitKind.DEPARTMENT, line="housing"),
        UnitPlace(code="east-health", kind=UnitKind.DEPARTMENT, line="health", parent="east"),
        UnitPlace(code="police", kind=UnitKind.POLICE, line="police"),
        UnitPlace(code="willows", kind=UnitKind.COMMUNITY, parent="east"),
        UnitPlace(code="poplars", kind=UnitKind.COMMUNITY, parent="west"),
    ]
)


@pytest.mark.parametrize(
    ("kind", "code", "community", "unit"),
    [
        (HolderKind.UNIT, "police", None, "police"),
        (HolderKind.COMMUNITY, None, "poplars", "poplars"),
        (HolderKind.LINE, "housing", "willows", "east-housing"),
        (HolderKind.LINE, "housing", "poplars", "west-housing"),
        (HolderKind.LINE, "health", None, "east-health"),
        (HolderKind.LINE, "health", "poplars", "east-health"),
        (HolderKind.LINE, "police", "poplars", "police"),
    ],
)
def test_holder_is_found_for_a_place(kind: HolderKind, code: str | None, community: str | None, unit: str) -> None:
    assert STREETS.unit_of(Holder(kind=kind, code=code), community) == unit


@pytest.mark.parametrize(
    ("kind", "code", "refused"),
    [
        (HolderKind.COMMUNITY, None, "grid_required"),
        (HolderKind.UNIT, "nobody", "unit_unknown"),
        (HolderKind.LINE, "nobody", "unit_unknown"),
        (HolderKind.LINE, "housing", "unit_unknown"),
    ],
)
def test_holder_is_refused_when_it_is_unknown_where_or_who(kind: HolderKind, code: str | None, refused: str) -> None:
    with pytest.raises(Unprocessable, match=refused):
        STREETS.unit_of(Holder(kind=kind, code=code), None)
