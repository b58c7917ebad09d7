"""Pictures say in words what they show, in the language of the page, and lead where they say."""

import html
import re

import pytest

import smtpcodes
from tests.conftest import LANGUAGES, SITE


def pictures(language: str, name: str) -> list[str]:
    text = (SITE / language / name / "index.html").read_text(encoding="utf-8")
    return re.findall(r'<svg class="pic .*?</svg>', text, re.S)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["session", "reasons", "soft-and-hard"])
def test_picture_has_a_wide_and_a_narrow_form_that_say_what_they_show(language, name):
    found = pictures(language, name)
    assert found
    for wide, narrow in zip(found[::2], found[1::2], strict=True):
        labels = [re.search(r'aria-label="([^"]{60,})"', one) for one in (wide, narrow)]
        assert 'class="pic wide"' in wide
        assert 'class="pic narrow"' in narrow
        assert labels[0]
        assert labels[1]
        assert labels[0][1] == labels[1][1]
        assert labels[0][1].endswith(".")


@pytest.mark.parametrize("language", LANGUAGES)
def test_picture_of_who_must_act_has_every_reason_in_the_words_of_the_list(language):
    for drawing in pictures(language, "reasons"):
        rows = re.findall(r'href="(\w+)/">(.*?)</a>', drawing)
        shown = [(name, html.unescape(" ".join(re.findall(r'class="u">([^<]*)<', row)))) for name, row in rows]
        assert sorted(shown) == sorted((one.name, one.localized(language).title) for one in smtpcodes.reasons())


@pytest.mark.parametrize("language", LANGUAGES)
def test_anatomy_has_the_words_of_the_records(language):
    drawing = pictures(language, "session")[2]
    for record in (*smtpcodes.subjects(), smtpcodes.lookup("5.1.1")):
        assert f">{record.localized(language).short}<" in drawing
