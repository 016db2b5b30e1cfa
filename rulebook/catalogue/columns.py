"""Which columns a list of service items has, and by which names they are recognised."""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final


class Column(StrEnum):
    """What is taken from a list."""

    CODE = "code"
    NAME = "name"
    DEPARTMENT = "department"
    KIND = "kind"
    GROUP = "group"
    LEGAL = "legal"
    PROMISED = "promised"
    ENGLISH = "name_en"


KNOWN: Final[Mapping[Column, tuple[str, ...]]] = {
    Column.CODE: ("item_code", "code", "事项编码", "实施编码", "基本编码", "事项代码", "编码"),
    Column.NAME: ("item_name", "name", "事项名称", "办理项名称", "业务办理项名称", "子项名称", "项目名称", "名称"),
    Column.DEPARTMENT: ("department", "部门", "实施主体", "实施部门", "主管部门", "实施机构", "单位"),
    Column.KIND: ("task_type", "kind", "事项类型", "权力类型", "事项类别", "类型"),
    Column.GROUP: ("main_item", "主项名称", "目录名称", "大项名称"),
    Column.LEGAL: ("legal_limit", "legal", "法定办结时限", "法定时限", "法定期限"),
    Column.PROMISED: ("promised_limit", "promised", "承诺办结时限", "承诺时限", "承诺期限"),
    Column.ENGLISH: ("name_en", "english", "英文名称"),
}
"""Under which names a column is recognised."""

NEEDED: Final = (Column.CODE, Column.NAME, Column.DEPARTMENT)

_ASIDE: Final = re.compile(r"[（(\[【](.*?)[)）\]】]")


def recognised(names: Iterable[str], given: Mapping[Column, str]) -> dict[Column, str]:
    """Which of a file's names is which column: as it was said, else by its usual names, whatever is in brackets."""
    there = list(names)
    plain = {"".join(_ASIDE.sub("", name).split()): name for name in reversed(there)}
    found = {column: next((plain[name] for name in usual if name in plain), None) for column, usual in KNOWN.items()}
    found |= {column: name.strip().lower() for column, name in given.items()}
    return {column: name for column, name in found.items() if name in there and name is not None}


def aside(name: str) -> str:
    """What the name of a column says in brackets, such as 工作日 in 承诺时限（工作日）."""
    found = _ASIDE.search(name)
    return "" if found is None else found[1].strip().removeprefix("单位").strip(" :：")
