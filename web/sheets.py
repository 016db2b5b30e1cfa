"""Lists of pages as tables, in the reader's language: which columns, and what stands in them. Nobody's contact."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from api.sheets import Cell, Rows, Sheet
from domain.standings import Standing
from domain.vocabulary import Figure, Light, UnitKind
from web.directory import Directory
from web.language import mark
from web.page import Visit
from web.words import NAMES

Row: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who reads a table: its words and names."""

    seen: Visit
    codes: Directory

    def word(self, member: Any) -> str | None:
        """What a member of a closed set is called."""
        return None if member is None else self.seen.words.word(member)

    def yes(self, value: Any) -> str | None:
        """Yes, or nothing."""
        return self.seen.say(mark("是")) if value else None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what it is called, and what of a row stands in it."""

    name: str
    cell: Callable[[Reader, Row], Cell]
    wide: bool = False


def _plain(name: str, of: str, *, wide: bool = False) -> Column:
    return Column(name, lambda reader, row: row[of], wide)


def _word(name: str, of: str) -> Column:
    return Column(name, lambda reader, row: reader.word(row[of]))


def _unit(name: str = mark("承办单位")) -> Column:
    return Column(name, lambda reader, row: reader.codes.unit(row["unit"]) if row["unit"] else None)


NUMBER: Final = _plain(mark("编号"), "number")
LANE: Final = _plain(mark("分组"), "lane")
MATTER: Final = Column(mark("事由"), lambda reader, row: reader.codes.matter(row["category"], row["item"]))
STATUS: Final = _word(mark("状态"), "status")
LIGHT: Final = Column(mark("灯"), lambda reader, row: reader.word(Light(row["light"])))
UNIT: Final = _unit()
GRID: Final = Column(mark("网格"), lambda reader, row: reader.codes.grid(row["grid"]) if row["grid"] else None)
WORDS: Final = _plain(mark("反映内容"), "description", wide=True)
DUE: Final = _plain(mark("办理期限"), "due_at")

CASES: Final = (
    NUMBER,
    _word(mark("类型"), "kind"),
    MATTER,
    Column(mark("险情"), lambda reader, row: reader.yes(row["danger"])),
    STATUS,
    _word(mark("结果"), "outcome"),
    LIGHT,
    Column(mark("响应灯"), lambda reader, row: reader.word(Light(row["ack_light"]))),
    UNIT,
    GRID,
    _plain(mark("受理时间"), "received_at"),
    _plain(mark("响应期限"), "ack_by"),
    _plain(mark("响应时间"), "acknowledged_at"),
    DUE,
    _plain(mark("办结时间"), "completed_at"),
    _plain(mark("结案时间"), "closed_at"),
    WORDS,
    _plain(mark("地址"), "address", wide=True),
)
LANES: Final = (
    LANE, NUMBER, MATTER, STATUS, LIGHT, UNIT, GRID, _plain(mark("受理时间"), "received_at"),
    _plain(mark("响应期限"), "ack_by"), DUE, WORDS,
)  # fmt: skip
WORK: Final = (
    LANE,
    NUMBER,
    MATTER,
    _plain(mark("环节"), "step"),
    STATUS,
    LIGHT,
    GRID,
    _plain(mark("到期"), "until"),
    WORDS,
)
EXTENSIONS: Final = (
    NUMBER,
    MATTER,
    UNIT,
    LIGHT,
    _plain(mark("现在的期限"), "due_at"),
    _plain(mark("申请延至"), "until"),
    _plain(mark("申请时间"), "requested_at"),
    _plain(mark("理由"), "reason", wide=True),
)
INTERVIEWS: Final = (
    _plain(mark("档案"), "id"),
    _plain(mark("案件"), "case"),
    _unit(mark("单位")),
    STATUS,
    _plain(mark("立档"), "opened_at"),
    _plain(mark("召集期限"), "convene_by"),
    Column(mark("已超期"), lambda reader, row: reader.yes(row["convene_missed"])),
)
ACCOUNTABILITY: Final = (
    _plain(mark("档案"), "id"),
    _plain(mark("案件"), "case"),
    _unit(mark("单位")),
    _word(mark("严重后果"), "consequence"),
    STATUS,
    _plain(mark("立档"), "opened_at"),
)
STANDINGS: Final = (
    _word(mark("类型"), "kind"),
    _unit(mark("单位")),
    _plain(mark("名次"), "rank"),
    _plain(mark("按时率"), "rate"),
    *(_plain(NAMES[Figure][figure], figure) for figure in Figure),
    _plain(mark("红灯"), "red"),
    _plain(mark("扣分"), "points"),
)
POINTS: Final = (
    _plain(mark("时间"), "at"),
    _word(mark("事由"), "reason"),
    _plain(mark("分"), "points"),
    _plain(mark("案件"), "case"),
    _plain(mark("红牌"), "card"),
)


def sheet(seen: Visit, name: str, title: str, columns: Sequence[Column]) -> Sheet:
    """The table but for its rows."""
    wide = frozenset(place for place, column in enumerate(columns) if column.wide)
    return Sheet(name=name, title=seen.say(title), columns=[seen.say(column.name) for column in columns], wide=wide)


def cells(reader: Reader, columns: Sequence[Column], rows: Iterable[Any]) -> Rows:
    """The cells of some rows."""
    return [[column.cell(reader, row) for column in columns] for row in rows]


def standing(kind: UnitKind, one: Standing) -> Row:
    """A unit among those of its kind, as ``STANDINGS`` reads it; the rate as a share of one."""
    found, rate = one.counted, one.counted.rate
    figures: dict[str, Any] = {figure: found.figures.get(figure, 0) for figure in Figure}
    told = {"kind": kind, "unit": found.unit, "rank": one.rank, "red": found.red, "points": found.points}
    return {**figures, **told, "rate": None if rate is None else round(float(rate), 4)}
