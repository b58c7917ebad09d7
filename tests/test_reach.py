"""Everybody gets there: by keyboard, without JavaScript, and wherever the site is put."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.conftest import ROOT
from tests.test_browser import browser, open_search, results, tab
from tools.serve import Handler, Server

__all__ = ["browser", "tab"]  # fixtures

# What has the focus, and whether it shows: an outline on itself, its label or the box round it.
FOCUS = """() => {
  const one = document.activeElement
  const places = [one, one.nextElementSibling, one.closest(".box, .md-search__form")].filter(Boolean)
  const ring = it => getComputedStyle(it).outlineStyle !== "none" && parseFloat(getComputedStyle(it).outlineWidth) > 0
  const seen = places.some(ring) || one.matches(".md-search__input")  // which opens the search
  return [one.id || one.getAttribute("href") || one.className || one.tagName, seen, one === document.body]
}"""


def walk(tab: Page, most: int = 400) -> list[tuple[str, bool]]:
    """Press Tab until the end of the page, and return what had the focus and whether that showed."""
    passed = []
    for _ in range(most):
        tab.keyboard.press("Tab")
        name, seen, end = tab.evaluate(FOCUS)
        if end:
            break
        passed.append((name, seen))
    return passed


@pytest.mark.parametrize("name", ["", "codes/550/", "reasons/mailbox_full/"])
def test_keyboard_reaches_everything_and_shows_where_it_is(tab, address, name):
    tab.goto(f"{address}/nl/{name}")
    passed = walk(tab)
    hidden = [one for one, seen in passed if not seen and "md-search__scrollwrap" not in one]
    assert hidden == []
    links = tab.locator("article a[href]:visible:not(.headerlink)").evaluate_all(
        "all => all.map(one => one.id || one.getAttribute('href'))"
    )
    assert set(links) <= {one for one, _ in passed}


@pytest.mark.parametrize("language", ["en", "nl"])
def test_without_javascript_field_and_search_give_way_to_the_list(browser, address, language):
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(f"{address}/{language}/")
    assert tab.locator(".find noscript a").first.is_visible()
    assert not tab.locator(".md-search").is_visible()
    assert tab.locator(".md-header a[href$='codes/']").first.is_visible()
    tab.locator("#find").fill("550")
    tab.locator("#find").press("Enter")
    assert f"/{language}/codes/" in tab.url
    context.close()


@pytest.mark.parametrize("name", ["", "codes/550/", "session/"])
def test_nothing_jumps_while_a_page_loads(browser, address, name):
    context = browser.new_context(viewport={"width": 360, "height": 640})
    tab = context.new_page()
    tab.add_init_script(
        "window.shift = 0; new PerformanceObserver(list => { for (const one of list.getEntries()) "
        "if (!one.hadRecentInput) window.shift += one.value }).observe({type: 'layout-shift', buffered: true})"
    )
    tab.goto(f"{address}/en/{name}")
    tab.wait_for_timeout(300)
    assert tab.evaluate("window.shift") < 0.02
    context.close()


def test_dialogue_can_be_copied(tab, address):
    tab.goto(f"{address}/en/codes/550/")
    assert tab.locator("#example ~ figure .md-code__button, figure .md-clipboard").count() >= 1


@pytest.fixture(scope="module")
def below(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Build the site for a sub-path and serve it there."""
    top: Path = tmp_path_factory.mktemp("below")
    settings = {**os.environ, "SMTPCODES_SITE": "https://example.org/x/y"}
    command = [sys.executable, "-m", "tools.site", "--out", str(top / "x" / "y")]
    subprocess.run(command, cwd=ROOT, env=settings, check=True, capture_output=True)

    class Quiet(Handler):
        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = Server(("127.0.0.1", 0), partial(Quiet, directory=str(top)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()
    # The pages of the tree hold no base address, so they are still those of the tested site.


def test_site_works_below_a_path(browser, below):
    context = browser.new_context()
    tab = context.new_page()
    tab.goto(f"{below}/x/y/")
    tab.locator("a[hreflang=nl]").click()
    tab.wait_for_url("**/x/y/nl/")
    tab.locator("#find").fill("550")
    tab.locator("#find-list li").first.wait_for()
    tab.locator("#find").press("Enter")
    tab.wait_for_url("**/x/y/nl/codes/550/")
    tab.locator("a[hreflang=en]").first.click()
    tab.wait_for_url("**/x/y/en/codes/550/")
    open_search(tab, f"{below}/x/y", "en")
    assert results(tab, "mailbox full")[0] == "/x/y/en/reasons/mailbox_full/"
    answer = tab.goto(f"{below}/x/y/nl/codes/551x/")
    assert answer is not None
    assert answer.status == 404
    link = tab.locator("[data-nearest] a").first
    link.wait_for()
    link.click()
    tab.wait_for_url("**/x/y/nl/codes/551/")
    context.close()
