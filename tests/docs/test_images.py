"""The pictures of the pages: those that are listed and no others, small, and each that a page of the docs shows."""

import re

import pytest

from settings import ROOT
from tests.browser.pictures import FOLDER, LARGEST, LARGEST_OF_ALL, PICTURES

SHOWN = re.compile(r"!\[[^\]]+\]\(docs/images/([\w-]+)\.png\)")


def test_every_picture_that_is_listed_is_there_and_no_other() -> None:
    names = [picture.name for picture in PICTURES]
    assert sorted(names) == sorted({*names}) == sorted(file.stem for file in FOLDER.iterdir())


def test_pictures_are_small() -> None:
    sizes = {picture.name: picture.file.stat().st_size for picture in PICTURES}
    assert [name for name, size in sizes.items() if size >= LARGEST] == []
    assert sum(sizes.values()) < LARGEST_OF_ALL


@pytest.mark.parametrize("page", ["README.md", "README.zh.md"])
def test_readme_shows_pictures_that_are_there(page: str) -> None:
    shown = set(SHOWN.findall((ROOT / page).read_text(encoding="utf-8")))
    assert len(shown) > 3
    assert shown <= {picture.name for picture in PICTURES}
