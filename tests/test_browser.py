"""What a reader does, in a real browser: search, switch language, read on a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import ROOT, SITE

OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
KINDS = [
    "",
    "codes/",
    "codes/550/",
    "codes/4.2.2/",
    "codes/571/",
    "reasons/",
    "reasons/mailbox_full/",
    "servers/",
    "servers/gmail/",
    "bounces/soft/",
    "session/",
]
KINDS += ["questions/", "soft-and-hard/", "esa-faq/", "developers/", "api/", "terms/"]

ADVICE = re.compile(r'<div class="roles">.*?</section>\s*</div>', re.DOTALL)
# Of each advice its width, and the words that end beyond it.
CUT = """() => {
  const all = [...document.querySelectorAll(".roles")], cut = []
  for (const [number, roles] of all.entries()) {
    const walker = document.createTreeWalker(roles, NodeFilter.SHOW_TEXT), range = document.createRange()
    while (walker.nextNode()) {
      range.selectNodeContents(walker.currentNode)
      if (range.getBoundingClientRect().right > roles.getBoundingClientRect().right) cut.push([number, String(range)])
    }
  }
  return [all.map(one => one.getBoundingClientRect().width), cut]
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = (ROOT / "build" / "chromium-path").read_text(encoding="utf-8").strip()
    assert Path(path).exists()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=OPTIONS)
        yield chromium
        chromium.close()


@pytest.fixture
def tab(browser: Browser, address: str) -> Iterator[Page]:
    """Open a tab that fails the test for a console error, or a request to another host."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on(
        "request",
        lambda request: None if request.url.startswith((address, "data:", "blob:")) else problems.append(request.url),
    )
    yield page
    context.close()
    assert problems == []


def results(tab: Page, words: str) -> list[str]:
    """Type words into the search and return the pages found, in order, once they settle."""
    tab.locator("[data-md-component=search-query]").fill(words)
    found: list[str] = []
    for _ in range(100):
        tab.wait_for_timeout(200)
        before = found
        found = tab.locator(".md-search-result__item > a").evaluate_all(
            "links => links.map(one => new URL(one.href).pathname)"
        )
        if found and found == before:
            break
    return list(dict.fromkeys(found))


def open_search(tab: Page, address: str, language: str) -> None:
    tab.goto(f"{address}/{language}/")
    tab.locator("label[for=__search]").first.click() if not tab.locator(
        "[data-md-component=search-query]"
    ).is_visible() else None
    tab.locator("[data-md-component=search-query]").click()


def test_dutch_search_for_a_full_mailbox_shows_reason_and_codes(tab, address):
    open_search(tab, address, "nl")
    found = results(tab, "mailbox vol")
    assert found[0] == "/nl/reasons/mailbox_full/"
    assert {"/nl/codes/452/", "/nl/codes/552/"} <= set(found[:5]), found[:8]
    assert all(link.startswith("/nl/") for link in found)


@pytest.mark.parametrize(
    ("language", "words", "page"),
    [
        ("nl", "550", "codes/550/"),
        ("en", "550", "codes/550/"),
        ("nl", "5.7.26", "codes/5.7.26/"),
        ("en", "5.1.1", "codes/5.1.1/"),
        ("nl", "greylisting", "reasons/greylisted/"),
        ("en", "greylisting", "reasons/greylisted/"),
        ("en", "mailbox full", "reasons/mailbox_full/"),
        ("nl", "mailbox full", "reasons/mailbox_full/"),
        ("nl", "postvak vol", "reasons/mailbox_full/"),
        ("en", "5.7.26", "codes/5.7.26/"),
        ("en", "511", "codes/511/"),
        ("nl", "5726", "codes/5.7.26/"),
        ("en", "blacklist", "reasons/blocklisted/"),
        ("nl", "blacklist", "reasons/blocklisted/"),
        ("nl", "blokkeerlijst", "reasons/blocklisted/"),
    ],
)
def test_search_finds_the_page_first(tab, address, language, words, page):
    open_search(tab, address, language)
    assert results(tab, words)[0] == f"/{language}/{page}"


def test_page_is_drawn_before_the_search_index_is_fetched(tab, address):
    tab.goto(f"{address}/nl/codes/550/", wait_until="networkidle")
    drawn, loaded, asked = tab.evaluate(
        """() => [
          performance.getEntriesByName("first-contentful-paint")[0].startTime,
          performance.getEntriesByType("navigation")[0].loadEventStart,
          performance.getEntriesByType("resource").find(one => one.name.includes("search_index")).startTime,
        ]"""
    )
    assert asked > drawn
    assert asked > loaded  # on a fast machine the first may hold by chance


@pytest.mark.parametrize(
    ("language", "none", "one", "more"),
    [
        ("nl", "Niets gevonden", "1 pagina gevonden", "pagina’s gevonden"),
        ("en", "Nothing found", "1 page found", "pages found"),
    ],
)
def test_search_counts_pages_in_the_language_of_the_reader(tab, address, language, none, one, more):
    open_search(tab, address, language)
    count = tab.locator(".md-search-result__meta")
    for words, text in (("mailbox", more), ("qqqq", none)):
        tab.locator("[data-md-component=search-query]").fill(words)
        tab.keyboard.press("End")  # Material listens to keys
        count.filter(has_text=text).wait_for()
    config = tab.evaluate("JSON.parse(document.querySelector('#__config').textContent).translations")
    assert config["search.result.one"] == one


def test_search_shows_the_codes_of_a_full_mailbox_on_the_first_screen(tab, address):
    open_search(tab, address, "nl")
    assert {"/nl/codes/4.2.2/", "/nl/codes/5.2.2/"} <= set(results(tab, "mailbox vol")[:6])


def test_search_leaves_no_gap_below_a_title(tab, address):
    open_search(tab, address, "nl")
    results(tab, "mailbox vol")
    gap = """all => Math.max(...all.filter(one => !one.querySelector("p, ul, ol")).map(one =>
      one.getBoundingClientRect().bottom - one.querySelector("h1").getBoundingClientRect().bottom))"""
    assert tab.locator(".md-search-result__item > a article").evaluate_all(gap) < 14


@pytest.mark.parametrize(("language", "words"), [("nl", "550"), ("en", "5.7.26"), ("nl", "mailbox vol")])
def test_search_shows_no_table_as_one_line_of_words(tab, address, language, words):
    open_search(tab, address, language)
    results(tab, words)
    loose = """all => all.flatMap(one => [...one.childNodes]).filter(one => {
      const range = document.createRange()
      range.selectNode(one)
      return !/^(H1|H2|P|UL|OL|PRE|DIV|NAV|BLOCKQUOTE)$/.test(one.nodeName) && range.getBoundingClientRect().width
    }).map(one => one.textContent)"""
    assert tab.locator(".md-search-result__item > a article").evaluate_all(loose) == []


@pytest.mark.parametrize("name", ["codes/550/", "reasons/mailbox_full/", "session/", ""])
def test_switching_language_stays_on_the_page_both_ways(tab, address, name):
    tab.goto(f"{address}/en/{name}")
    for language in ("nl", "en"):
        switch = tab.locator(f"a[hreflang={language}]").first
        tab.goto(str(switch.evaluate("link => link.href")))
        assert tab.url == f"{address}/{language}/{name}"
        assert tab.locator("html").get_attribute("lang") == language


def test_switching_language_by_mouse_stays_on_the_page(tab, address):
    tab.goto(f"{address}/en/codes/550/")
    tab.locator(".md-select").hover()
    tab.locator("a[hreflang=nl]").first.click()
    tab.wait_for_url("**/nl/codes/550/")


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_accessibility_fault_on_any_kind_of_page(browser, address, language, scheme):
    context = browser.new_context(color_scheme=scheme, viewport={"width": 1280, "height": 900})
    tab = context.new_page()
    faults = []
    for kind in KINDS:
        tab.goto(f"{address}/{language}/{kind}")
        for one in Axe().run(tab).response["violations"]:
            faults.append((kind, one["id"], one["nodes"][0]["html"][:120]))
    context.close()
    assert faults == []


@pytest.mark.parametrize("language", ["en", "nl"])
def test_nothing_scrolls_sideways_on_a_phone(browser, address, language):
    context = browser.new_context(viewport={"width": 360, "height": 640})
    tab = context.new_page()
    for kind in KINDS:
        tab.goto(f"{address}/{language}/{kind}")
        assert tab.evaluate("document.documentElement.scrollWidth") <= 360, kind
    context.close()


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_block_of_a_page_stands_over_the_next(browser, address, language, width):
    page = browser.new_page(viewport={"width": width, "height": 740})
    over = []
    for kind in KINDS:
        page.goto(f"{address}/{language}/{kind}")
        over += page.evaluate(
            """() => {
              const blocks = [...document.querySelectorAll("article > *")].filter(one => one.offsetHeight > 1)
              const edge = (one, side) => one.getBoundingClientRect()[side]
              return blocks.slice(1).filter((one, i) => edge(one, "top") < edge(blocks[i], "bottom") - 1)
                .map(one => location.pathname + " " + one.textContent.slice(0, 40))
            }"""
        )
    page.close()
    assert over == []


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("width", [1280, 360])
def test_advice_of_no_page_is_cut_off(tab, address, language, width):
    pages = {path: path.read_text(encoding="utf-8") for path in (SITE / language).rglob("index.html")}
    advice = {
        path.parent.relative_to(SITE).as_posix(): found[0]
        for path, text in pages.items()
        if (found := ADVICE.search(text))
    }
    assert len(advice) == sum('class="roles"' in text for text in pages.values()) > 200
    # All of them on one page, where each is as wide as on its own: a load for each would take minutes.
    tab.set_viewport_size({"width": width, "height": 900})
    tab.goto(f"{address}/{language}/codes/550/")
    own = tab.locator(".roles").evaluate("one => one.getBoundingClientRect().width")
    tab.locator(".roles").evaluate("(one, all) => { one.outerHTML = all }", "".join(advice.values()))
    widths, cut = tab.evaluate(CUT)
    assert widths == [own] * len(advice)
    assert [(list(advice)[number], words) for number, words in cut] == []


@pytest.mark.parametrize("language", ["en", "nl"])
def test_first_screen_of_a_phone_says_what_it_is_and_what_to_do(browser, address, language):
    context = browser.new_context(viewport={"width": 360, "height": 640})
    tab = context.new_page()
    tab.goto(f"{address}/{language}/codes/550/")
    for part in (".lead", ".facts", "#do", "#sender"):
        box = tab.locator(part).first.bounding_box()
        assert box is not None
        assert box["y"] + 20 < 640, part
    context.close()


def test_menu_of_a_phone_is_shut_when_the_reader_comes_back(browser, address):
    context = browser.new_context(viewport={"width": 360, "height": 640})
    tab = context.new_page()
    tab.goto(f"{address}/en/questions/")
    tab.locator(".md-header label[for=__drawer]").click()
    assert tab.locator("#__drawer").is_checked()
    tab.goto(f"{address}/en/session/")
    tab.go_back()
    assert not tab.locator("#__drawer").is_checked()
    context.close()


@pytest.mark.parametrize("language", ["en", "nl"])
def test_phone_says_what_happens_next_before_what_to_do(browser, address, language):
    context = browser.new_context(viewport={"width": 360, "height": 640})
    tab = context.new_page()
    for name in ("codes/550/", "codes/4.2.2/", "reasons/mailbox_full/"):
        tab.goto(f"{address}/{language}/{name}")
        following, roles = (tab.locator(part).bounding_box() for part in (".next", ".roles"))
        assert following is not None
        assert roles is not None
        assert following["y"] + following["height"] <= roles["y"], name
    context.close()


@pytest.mark.parametrize("language", ["en", "nl"])
def test_who_must_act_stays_on_two_lines_of_whole_words(tab, address, language):
    tab.set_viewport_size({"width": 1280, "height": 900})
    for code in ("550", "421", "5.7.26", "5.3.5"):
        tab.goto(f"{address}/{language}/codes/{code}/")
        fact = tab.locator(".facts dd > span").last
        lines = fact.evaluate(
            "one => one.getBoundingClientRect().height / parseFloat(getComputedStyle(one).lineHeight)"
        )
        assert lines < 2.5, code
        assert fact.evaluate("one => one.scrollWidth <= one.clientWidth"), code


def test_other_meanings_stand_in_line_with_whom_they_are_for(tab, address):
    tab.goto(f"{address}/nl/codes/550/")
    tops = tab.locator(".own > div").evaluate_all(
        "all => all.map(one => [...one.children].slice(0, 2).map(part => part.getBoundingClientRect().top))"
    )
    assert tops
    assert all(abs(term - text) < 1 for term, text in tops), tops


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("width", [1280, 360])
def test_words_in_the_session_picture_do_not_collide(tab, address, language, width):
    tab.set_viewport_size({"width": width, "height": 900})
    tab.goto(f"{address}/{language}/session/")
    # The widest of the usual fonts, where the machine has it.
    tab.add_style_tag(content='.pic text { font-family: "DejaVu Sans", Verdana, sans-serif !important }')
    picture = tab.locator("figure.picture").first.locator("svg.pic:visible")
    words = picture.evaluate(
        """svg => [...svg.querySelectorAll("text, .ic")].map(one => {
            const box = one.getBoundingClientRect();
            return [box.left, box.right, box.top, box.bottom, one.textContent];
        })"""
    )
    frame = picture.bounding_box()
    assert frame is not None
    assert len(words) > 20
    for number, (left, right, top, bottom, text) in enumerate(words):
        assert frame["x"] - 1 <= left, text
        assert right <= frame["x"] + frame["width"] + 1, text
        for other in words[number + 1 :]:
            apart = right < other[0] or other[1] < left or bottom - 3 < other[2] or other[3] - 3 < top
            assert apart, (text, other[4])


@pytest.mark.parametrize("name", ["codes/550/", "codes/5.1.1/", "reasons/greylisted/", "esa-faq/"])
def test_page_can_be_read_without_javascript(browser, address, name):
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(f"{address}/nl/{name}")
    assert tab.locator("h1").is_visible()
    assert tab.locator("article p").first.is_visible()
    context.close()


def test_example_marks_the_line_in_question(tab, address):
    tab.goto(f"{address}/nl/codes/550/")
    mark = tab.locator("#example ~ figure mark, .dialogue mark").first
    assert mark.inner_text().strip().startswith(("S:", "550"))


@pytest.mark.parametrize("address_part", ["/nl/codes/551x/", "/nowhere", "/en/a/b/c"])
def test_unknown_address_offers_a_way_on(browser, address, address_part):
    context = browser.new_context()
    tab = context.new_page()
    response = tab.goto(f"{address}{address_part}")
    assert response is not None
    assert response.status == 404
    assert tab.locator("a[href]").count() > 1
    context.close()


def test_home_field_leads_to_the_code(tab, address):
    tab.goto(f"{address}/nl/")
    field = tab.locator("#find")
    field.fill("5.7.26")
    tab.locator("#find-list li").first.wait_for()
    field.press("Enter")
    tab.wait_for_url("**/nl/codes/5.7.26/")


def test_home_field_reads_a_pasted_bounce(tab, address):
    tab.goto(f"{address}/nl/")
    tab.locator("#find").fill(
        "host mx.example.com[192.0.2.7] said: 550 5.1.1 <a@example.com>: User unknown (in reply to RCPT TO command)"
    )
    tab.locator("#find-list li").first.wait_for()
    # First what its words say, then its codes.
    assert tab.locator("#find-list li").first.get_attribute("data-url") == "reasons/user_unknown/"
    assert tab.locator("#find-list li code").all_inner_texts()[:2] == ["5.1.1", "550"]


@pytest.mark.parametrize("width", [390, 1280])
def test_home_field_shows_reasons_and_codes_in_line(tab, address, width):
    tab.set_viewport_size({"width": width, "height": 900})
    tab.goto(f"{address}/nl/")
    tab.locator("#find").fill("550 5.1.1 User unknown")
    tab.locator("#find-list code").first.wait_for()
    firsts = """all => all.map(one => Math.min(...[...one.children].map(part => part.getBoundingClientRect().left)))"""
    assert len(set(tab.locator("#find-list li").evaluate_all(firsts))) == 1


def test_phone_does_not_take_the_promise_below_the_field_for_an_example(tab, address):
    tab.set_viewport_size({"width": 390, "height": 900})
    tab.goto(f"{address}/nl/")
    promise = "one => one.getBoundingClientRect().top - one.previousElementSibling.getBoundingClientRect().bottom"
    assert tab.locator("#find-help span").evaluate(promise) >= 0


CONTRAST = """element => {
  const parts = colour => colour.match(/[\\d.]+/g).map(Number)
  const style = one => getComputedStyle(one)
  let under = element
  while (under.parentElement && parts(style(under).backgroundColor)[3] === 0) under = under.parentElement
  const linear = one => one <= .03928 ? one / 12.92 : ((one + .055) / 1.055) ** 2.4
  const light = colour => {
    const [r, g, b] = parts(colour).map(one => linear(one / 255))
    return .2126 * r + .7152 * g + .0722 * b
  }
  const two = [style(element).color, style(under).backgroundColor].map(light)
  return (Math.max(...two) + .05) / (Math.min(...two) + .05)
}"""
BESIDE = """() => [...document.querySelectorAll("pre:has(.md-code__nav)")].every(block => {
  const [code, button] = ["code", "nav"].map(one => block.querySelector(one).getBoundingClientRect())
  return code.right <= button.left + 1
})"""


def contrast(tab: Page, selector: str) -> float:
    """Return how much the colour of an element differs from the ground under it: from 1 to 21, black on white."""
    return float(tab.locator(selector).first.evaluate(CONTRAST))


def left(tab: Page, selector: str) -> float:
    """Return where an element begins."""
    return float(tab.locator(selector).first.evaluate("one => one.getBoundingClientRect().left"))


@pytest.fixture(params=["light", "dark"])
def scheme_tab(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Open a tab in a light and in a dark scheme."""
    context = browser.new_context(color_scheme=request.param, viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("name", ["codes/550/", "reasons/blocklisted/", "servers/gmail/"])
def test_page_prints_dark_on_white_without_buttons_or_a_long_list(scheme_tab, address, name):
    tab = scheme_tab
    tab.goto(f"{address}/nl/{name}")
    tab.emulate_media(media="print")
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    for part in ("h1", ".lead", "h2"):
        assert contrast(tab, part) > 10, part
    for part in (".md-code__nav", "#related", "#related + .plain", ".md-content .chips", ".leads", ".md-header"):
        assert not any(one.is_visible() for one in tab.locator(part).all()), part
    assert sum(one.is_visible() for one in tab.locator(".replies li").all()) <= 3


def test_copy_button_is_seen_before_it_is_found(scheme_tab, address):
    scheme_tab.goto(f"{address}/nl/developers/")
    scheme_tab.locator(".md-code__button").first.wait_for()
    assert contrast(scheme_tab, ".md-code__button") > 3


@pytest.mark.parametrize("width", [360, 1280])
def test_copy_button_is_never_over_the_code(browser, address, width):
    context = browser.new_context(viewport={"width": width, "height": 800})
    tab = context.new_page()
    tab.goto(f"{address}/en/developers/")
    tab.locator(".md-code__button").first.wait_for()
    assert tab.evaluate(BESIDE)
    context.close()


@pytest.mark.parametrize("language", ["en", "nl"])
def test_what_is_copied_from_an_example_runs(browser, address, language):
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    tab = context.new_page()
    tab.goto(f"{address}/{language}/developers/")
    tab.locator("#lookup ~ pre .md-code__button").first.click()
    copied = tab.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("import smtpcodes\nsmtpcodes.lookup(550)")
    names: dict[str, object] = {}
    exec(copied, names)
    tab.locator("#rules ~ pre .md-code__button").first.click()
    exec(tab.evaluate("navigator.clipboard.readText()"), names)
    assert names["held"].evidence == "rule acme/held"  # type: ignore[attr-defined]
    tab.locator("#install ~ pre .md-code__button").first.click()
    assert tab.evaluate("navigator.clipboard.readText()") == "pip install smtpcodes"
    context.close()


@pytest.mark.parametrize("language", ["en", "nl"])
def test_no_table_hides_its_last_column_on_a_phone(browser, address, language):
    context = browser.new_context(viewport={"width": 360, "height": 640})
    tab = context.new_page()
    for kind in KINDS:
        tab.goto(f"{address}/{language}/{kind}")
        tab.wait_for_timeout(100)
        for table in tab.locator(".md-typeset__scrollwrap").all():
            assert table.evaluate("one => one.scrollWidth <= one.clientWidth"), kind
    tab.goto(f"{address}/{language}/questions/#address")
    cell = tab.locator(".stacked tbody tr").first.locator("td").last
    assert cell.evaluate("one => getComputedStyle(one, '::before').content").startswith('"')
    tab.set_viewport_size({"width": 1280, "height": 900})
    tab.wait_for_timeout(100)
    assert tab.locator(".stacked").count() == 0
    context.close()


def test_choice_of_dark_outlives_a_switch_of_language(tab, address):
    tab.goto(f"{address}/nl/codes/550/")
    tab.locator("label[for=__palette_1]").click()
    assert tab.locator("body").get_attribute("data-md-color-scheme") == "slate"
    tab.locator("a[hreflang=en]").first.click()
    tab.wait_for_url("**/en/codes/550/")
    assert tab.locator("body").get_attribute("data-md-color-scheme") == "slate"


@pytest.mark.parametrize("language", ["en", "nl"])
def test_missing_page_is_in_line_and_says_what_is_known_of_its_code(browser, address, language):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    tab = context.new_page()
    tab.goto(f"{address}/{language}/codes/5.7.99/")
    tab.locator(".lead a").wait_for()
    assert "5.7.99" in tab.locator(".lead").inner_text()
    assert str(tab.locator(".lead a").evaluate("one => one.href")).endswith(f"/{language}/codes/#x7")
    assert (
        tab.locator(".lead a").inner_text()
        == {"en": "5.7.x Security or policy", "nl": "5.7.x Beveiliging of beleid"}[language]
    )
    near = tab.locator("[data-nearest] a").evaluate_all("all => all.map(one => one.textContent.split(' ')[0])")
    assert near == ["5.7.9", "5.7.19", "5.7.29"]
    edges = tab.evaluate(
        "['h1', '.md-tabs__link'].map(one => document.querySelector(one).getBoundingClientRect().left)"
    )
    assert edges[0] == edges[1]
    context.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_codes_index_is_in_line_with_its_headings(browser, address, width):
    context = browser.new_context(viewport={"width": width, "height": 900})
    tab = context.new_page()
    tab.goto(f"{address}/nl/codes/")
    assert left(tab, "#x1 ~ ul li") == left(tab, "#x1")
    context.close()


@pytest.mark.parametrize("name", ["gmail", "exchange_online"])
def test_server_page_gives_a_finger_room_and_each_role_a_line(browser, address, name):
    context = browser.new_context(viewport={"width": 360, "height": 640})
    tab = context.new_page()
    tab.goto(f"{address}/nl/servers/{name}/")
    sizes = tab.locator(".leads a").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect()).map(box => [box.width, box.height])"
    )
    assert len(sizes) > 20
    assert all(width >= 24 and height >= 24 for width, height in sizes)
    lefts = tab.locator(".does b").evaluate_all("all => all.map(one => one.getClientRects()[0].left)")
    assert len(lefts) > 5
    assert len(set(lefts)) == 1
    context.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_jump_to_a_reply_shows_its_reason(tab, address, width):
    tab.set_viewport_size({"width": width, "height": 640})
    tab.goto(f"{address}/nl/servers/exchange_online/")
    for reply in tab.locator("ul.said li:first-child > code").evaluate_all("all => all.map(one => one.id)"):
        tab.evaluate("id => { location.hash = id }", reply)
        reason = tab.locator(f"h2:has(+ .said #{reply})").bounding_box()
        header = tab.locator(".md-header").bounding_box()
        assert reason is not None
        assert header is not None
        assert reason["y"] >= header["y"] + header["height"], reply
