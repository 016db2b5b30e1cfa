"""Text in cells: shown as it was written, never computed, never disguised."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cells import LONGEST, inert, plain


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-2+3", "'-2+3"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'=1"),
        ("\n=1", "'\n=1"),
        ("  =1", "'  =1"),
        ("＝1+1", "'＝1+1"),
        ("\u202e=1", "'=1"),
        ("-12.5", "-12.5"),
        ("+8613800138000", "+8613800138000"),
        ("三号楼 = 五号楼", "三号楼 = 五号楼"),
        ("<b>粗</b>", "<b>粗</b>"),
        ("", ""),
    ],
)
def test_text_is_never_a_formula(text: str, shown: str) -> None:
    assert inert(text) == shown


def test_marks_that_disguise_and_what_no_cell_holds_are_left_out() -> None:
    assert plain("a\u202egnp.exe\u2066b\x00\x0bc\ud800\ufffe") == "agnp.exebc"
    assert plain("العربية 🚧 第一行\n第二行") == "العربية 🚧 第一行\n第二行"
    assert len(plain("长" * 100_000)) == LONGEST


@given(st.text())
def test_no_text_begins_like_a_formula(text: str) -> None:
    assert not inert(text).lstrip(" ").startswith(("=", "@", "\t", "\r", "\n"))
