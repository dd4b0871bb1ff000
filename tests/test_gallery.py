"""The gallery is whole: every screen is in it, and README shows what it makes."""

from __future__ import annotations

import re
from pathlib import Path

from PIL import Image

from pages._frame import screens
from tests.gallery.views import DOCS, LANGUAGES, MOST_BYTES, SHOWN, VIEWS

README = (Path(__file__).resolve().parents[1] / "README.md").read_text("utf-8")
NUMBERS = {"draft": "1", "done": "2", "submitted": "3", "meeting": "4", "system": "5", "request": "6"}


def test_every_screen_is_in_the_gallery_once_by_its_name() -> None:
    names = [view.name for view in VIEWS]
    assert len(names) == len(set(names))
    assert set(screens.SCREENS) <= set(names)
    for view in VIEWS:
        path = view.address.format(**NUMBERS).partition("?")[0].removeprefix("/")
        assert view.is_plain or (path or "home") in screens.SCREENS, view.name
        assert all(view.title(language) for language in LANGUAGES)


def test_readme_shows_the_few_pictures_that_the_gallery_makes_and_they_are_small() -> None:
    names = {picture.file for picture in SHOWN}
    assert {picture.view for picture in SHOWN} <= {view.name for view in VIEWS}
    assert set(re.findall(r"docs/pictures/([\w.-]+)", README)) == names
    files = {file.name: file for file in (DOCS / "pictures").iterdir()}
    assert files.keys() == names
    assert len(names) <= 8
    for picture in SHOWN:
        file = files[picture.file]
        assert file.stat().st_size <= MOST_BYTES
        assert Image.open(file).size == (picture.width, picture.height)
