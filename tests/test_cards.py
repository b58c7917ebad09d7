"""Whoever sends a link shows what it leads to: title, description and a picture of its own kind."""

import struct

import pytest

import smtpcodes
from tests.conftest import LANGUAGES, SITE
from tests.test_site import PAGES, page

KINDS = {
    "codes/220": "code-2",
    "codes/354": "code-3",
    "codes/4.2.2": "code-4",
    "codes/550": "code-5",
    "codes/571": "code-other",
    "reasons/mailbox_full": "reason",
    "reasons": "reason",
    "bounces/soft": "bounce",
    "session": "page",
    ".": "page",
}
LOCALES = {"en": "en_GB", "nl": "nl_NL"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", KINDS)
def test_link_shows_the_card_of_its_kind(language, name):
    meta = page(SITE / language / name / "index.html").meta
    base = smtpcodes.lookup(550).url.removesuffix("/en/codes/550/")
    assert meta["og:image"] == f"{base}/{language}/assets/cards/{KINDS[name]}.png"
    picture = SITE / language / "assets" / "cards" / f"{KINDS[name]}.png"
    content = picture.read_bytes()
    assert content.startswith(b"\x89PNG")
    assert struct.unpack(">II", content[16:24]) == (1200, 630)
    assert len(content) < 40_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_has_what_a_shared_link_shows(language):
    for name in (*PAGES, "codes", "reasons", "questions", "session"):
        one = page(SITE / language / name / "index.html")
        assert one.meta["og:title"], name
        assert one.meta["og:description"] == one.meta["description"]
        assert one.meta["og:url"] == one.rel["canonical"]
        assert one.meta["og:locale"] == LOCALES[language]
        assert one.meta["twitter:card"] == "summary_large_image"
