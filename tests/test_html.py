"""Pages are valid and light: html5lib reads them the way a browser does, and tells where that takes guessing."""

import gzip
import re
from pathlib import Path

import html5lib
import pytest

from tests.conftest import LANGUAGES, SITE
from tests.test_site import html_pages, page

# Reading all would take a minute; of the hundreds that share a template, every tenth is read.
WRITTEN = [path for path in html_pages() if len(path.relative_to(SITE).parts) <= 3]
CHECKED = [*WRITTEN, *[path for path in html_pages() if path not in WRITTEN][::10]]


def test_html_is_valid():
    faults = []
    for path in CHECKED:
        parser = html5lib.HTMLParser()
        parser.parse(path.read_text(encoding="utf-8"))
        faults += [(str(path.relative_to(SITE)), place, *error) for place, *error in parser.errors]
    assert faults == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_first_view_of_a_code_page_stays_light(language):
    path = SITE / language / "codes" / "550" / "index.html"
    resources = {(path.parent / one.split("?")[0]).resolve() for one in page(path).resources if one[:5] != "data:"}
    # The worker and the languages of the search come only when somebody searches.
    size = sum(len(gzip.compress(one.read_bytes())) for one in (path, *resources) if one.is_file())
    assert size <= 120_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_search_index_stays_light(language):
    index = SITE / language / "search" / "search_index.json"
    assert len(gzip.compress(index.read_bytes())) <= 250_000


def test_generated_page_of_every_kind_stays_light():
    heavy = {}
    for path in html_pages():
        if re.search(r"/(codes|reasons|bounces)/[^/]+/index\.html$", path.as_posix()):
            size = path.stat().st_size
            if size > 40_000:
                heavy[path.relative_to(SITE).as_posix()] = size
    assert heavy == {}


def test_no_resource_is_missing():
    for path in html_pages():
        for one in page(path).resources:
            if one[:5] != "data:" and path.name != "404.html":
                assert Path(path.parent / one.split("?")[0]).resolve().exists(), (path, one)
