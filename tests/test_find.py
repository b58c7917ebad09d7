"""The field on the home page answers what a person types or pastes, by keyboard too, and sends nothing."""

from __future__ import annotations

import gzip
import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

import smtpcodes
from smtpcodes._records import load
from tests.conftest import LANGUAGES, SITE
from tests.test_browser import browser, tab

__all__ = ["browser", "tab"]  # fixtures

WORDS = {
    "nl": {
        "access denied": "reasons/policy/",
        "adres klopt niet": "reasons/user_unknown/",
        "server reageert niet": "reasons/connection_lost/",
        "Onbestelbaar: mailbox vol": "reasons/mailbox_full/",
        "wachtwoord": "reasons/authentication_failed/",
        "wachtwoord onjuist": "reasons/authentication_failed/",
        "authenticatie": "reasons/authentication_failed/",
        "De mailbox van de ontvanger is vol": "reasons/mailbox_full/",
        "vol mailbox": "reasons/mailbox_full/",
        "quota": "reasons/mailbox_full/",
        "mailbox": "reasons/mailbox_full/",
        "Adres niet gevonden": "reasons/user_unknown/",
        "onbekende gebruiker": "reasons/user_unknown/",
        "adres": "reasons/user_unknown/",
        "ongeldig adres": "reasons/address_syntax/",
        "domein bestaat niet": "reasons/domain_unknown/",
        "certificaat": "reasons/receiver_tls_invalid/",
        "blacklist": "reasons/blocklisted/",
        "geblokkeerd": "reasons/blocklisted/",
        "spamfilter": "reasons/spam_suspected/",
        "bijlage te groot": "reasons/message_too_large/",
        "time-out": "reasons/connection_lost/",
        "soft bounce": "bounces/soft/",
        "hard bounce": "bounces/hard/",
        "gmail": "servers/gmail/",
        "office 365": "servers/exchange_online/",
    },
    "en": {
        "access denied": "reasons/policy/",
        "server not responding": "reasons/connection_lost/",
        "Undeliverable: mailbox full": "reasons/mailbox_full/",
        "password": "reasons/authentication_failed/",
        "wrong password": "reasons/authentication_failed/",
        "authentication": "reasons/authentication_failed/",
        "The recipient's mailbox is full": "reasons/mailbox_full/",
        "full mailbox": "reasons/mailbox_full/",
        "quota": "reasons/mailbox_full/",
        "mailbox": "reasons/mailbox_full/",
        "Address not found": "reasons/user_unknown/",
        "unknown user": "reasons/user_unknown/",
        "address": "reasons/user_unknown/",
        "invalid address": "reasons/address_syntax/",
        "domain not found": "reasons/domain_unknown/",
        "certificate": "reasons/receiver_tls_invalid/",
        "blacklist": "reasons/blocklisted/",
        "blocked": "reasons/blocklisted/",
        "spam filter": "reasons/spam_suspected/",
        "attachment too big": "reasons/message_too_large/",
        "timeout": "reasons/connection_lost/",
        "soft bounce": "bounces/soft/",
        "hard bounce": "bounces/hard/",
        "gmail": "servers/gmail/",
        "office 365": "servers/exchange_online/",
    },
}
CODES = {
    "550": "codes/550/",
    "5.1.1": "codes/5.1.1/",
    "511": "codes/511/",
    "5726": "codes/5.7.26/",
    "X.7.26": "codes/5.7.26/",
    "x.7": "codes/#x7",
    "5.7": "codes/5.7.0/",
    "4xx": "codes/#c4",
    "5": "codes/#c5",
    "Máílbox full": "reasons/mailbox_full/",
}
UNREAD = [  # what a bounce says about itself: no code, no reason
    "Mail delivery failed: returning message to sender",
    "Undelivered Mail Returned to Sender",
    "Delivery Status Notification (Failure)",
    "Undeliverable: Lunch",
    "undeliverable",
    "mailer-daemon",
    "Returned mail: see transcript for details",
    "failure notice",
    "Your message couldn’t be delivered",
]
PLAIN = {
    "en": ["mail delivery failed", "my mail came back", "my mail does not arrive", "my message was rejected"],
    "nl": [
        "onbestelbaar",
        "Uw bericht kon niet worden bezorgd",
        "Bezorging van het bericht is mislukt",
        "Kan niet worden bezorgd: afspraak",
        "mijn mail komt terug",
        "mail komt niet aan",
        "niet bezorgd",
        "niet aangekomen",
        "De e-mail is niet afgeleverd",
    ],
}
TABLE = [(language, *row) for language in LANGUAGES for row in {**WORDS[language], **CODES}.items()]


def found(tab: Page, text: str) -> list[str]:
    """Put a text in the field and return where the suggestions lead."""
    field = tab.locator("#find")
    field.fill("")
    tab.wait_for_function("!document.querySelector('.found').classList.contains('open')")
    field.fill(text)
    tab.locator(".found.open").wait_for()
    links: list[str] = tab.locator("#find-list li").evaluate_all("all => all.map(one => one.dataset.url)")
    return links


def shows(tab: Page) -> bool:
    """Tell whether the line below the field can be seen, and not only heard."""
    script = """one => {
      const box = one.getBoundingClientRect()
      return one.contains(document.elementFromPoint(box.x + box.width / 2, box.y + 5))
    }"""
    seen: bool = tab.locator(".found [role=status]").evaluate(script)
    return seen


@pytest.fixture(scope="module")
def homes(browser, address):
    """Open the home page of each language once, for the tests that only type."""
    pages = {}
    for language in LANGUAGES:
        pages[language] = browser.new_page()
        pages[language].goto(f"{address}/{language}/")
    yield pages
    for page in pages.values():
        page.close()


@pytest.mark.parametrize(("language", "text", "page"), TABLE)
def test_words_and_codes_lead_where_a_person_expects(homes, language, text, page):
    assert found(homes[language], text)[0] == page


@pytest.mark.parametrize(
    ("language", "text"), [(language, text) for language in LANGUAGES for text in (*UNREAD, *PLAIN[language])]
)
def test_bounce_without_a_code_leads_to_how_to_read_it_and_to_nothing_else(homes, language, text):
    assert found(homes[language], text) == ["questions/#sender", "reasons/"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "text",
    [
        *("niet", "not", "worden", "komt", "aan", "failed", "mislukt", "delivery", "message", "bericht", "server"),
        *("hallo", "postmaster", "lunch"),
    ],
)
def test_words_that_say_little_suggest_nothing(homes, language, text):
    assert found(homes[language], text) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_ssl_is_tls_and_a_provider_is_nothing_else(homes, language):
    tls = {"reasons/tls_required/", "reasons/tls_unavailable/", "reasons/receiver_tls_invalid/"}
    assert set(found(homes[language], "ssl")) == tls
    for name in ("kpn", "ziggo"):
        assert all(url.startswith("servers/") for url in found(homes[language], name))


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_added_to_a_code_by_words_that_may_mean_anything(homes, language):
    assert found(homes[language], "550 5.7.520 Access denied") == ["codes/5.7.0/", "codes/550/"]
    assert found(homes[language], "550 Undelivered Mail Returned to Sender") == ["codes/550/"]
    assert found(homes[language], "550 gmail") == ["codes/550/", "servers/gmail/"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "550 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using Spamhaus",
            ["reasons/blocklisted/", "codes/5.7.1/", "codes/550/"],
        ),
        (
            "550 5.2.1 The user you are trying to contact is receiving mail at a rate that prevents more",
            ["reasons/rate_limited/", "codes/5.2.1/", "codes/550/"],
        ),
        ("421 4.7.99 hello from mx.example.com", ["codes/4.7.0/", "codes/421/"]),
        ("550 5.7.520 Access denied for this message", ["codes/5.7.0/", "codes/550/"]),
        ("554 Exim 4.94.2 says no", ["codes/554/"]),
    ],
)
def test_pasted_bounce_shows_what_its_words_say_then_its_codes(homes, language, text, expected):
    assert found(homes[language], text)[: len(expected)] == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_nearly_every_reply_that_is_known_leads_to_its_reason(homes, language):
    samples = {row.sample: f"reasons/{row.reason}/" for row in smtpcodes.diagnostics()}
    script = """async samples => {
      const rows = prepare(await (await fetch("codes/find.json")).json())
      return samples.map(one => answer(rows, one, []).found[0]?.url)
    }"""
    leads = homes[language].evaluate(script, list(samples))
    right = sum(lead == page for lead, page in zip(leads, samples.values(), strict=True))
    assert right / len(samples) >= 0.93


@pytest.mark.parametrize("language", LANGUAGES)
def test_index_is_folded_as_the_field_folds_what_is_pasted(homes, language):
    rows = json.loads((SITE / language / "codes" / "find.json").read_text(encoding="utf-8"))
    said = [one for row in rows for one in row.get("said", "").split("|")]
    assert homes[language].evaluate("said => said.filter(one => fold(one) !== one)", said) == []
    assert homes["en"].evaluate("fold('Ça va?  «É-mail» naïve_1')") == "ca va e mail naive 1"


@pytest.mark.parametrize("language", LANGUAGES)
def test_index_of_the_field_stays_small(language):
    assert len(gzip.compress((SITE / language / "codes" / "find.json").read_bytes())) <= 35_000


def test_field_knows_all_there_is(homes):
    rows = json.loads((SITE / "nl" / "codes" / "find.json").read_text(encoding="utf-8"))
    places = {row["url"] for row in rows}
    assert {f"servers/{one.name}/" for one in smtpcodes.servers()} <= places
    assert {f"reasons/{one.name}/" for one in smtpcodes.reasons()} <= places
    assert {f"bounces/{one.name}/" for one in smtpcodes.bounces()} | {"soft-and-hard/"} <= places
    assert all((SITE / "nl" / place.partition("#")[0] / "index.html").is_file() for place in places)
    assert {row["reason"] for row in load("explain")["phrases"]} <= {
        row["url"].split("/")[1] for row in rows if row.get("said")
    }


def test_field_loads_its_index_on_first_use_and_sends_nothing(tab, address):
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(f"{address}/nl/")
    assert not any("find.json" in one for one in asked)
    found(tab, "550 5.1.1 anna@example.com unknown")
    found(tab, "anna anna")
    assert [one for one in asked if "find.json" in one] == [f"{address}/nl/codes/find.json"]
    assert not any("anna" in one or "?" in one for one in asked)


@pytest.mark.parametrize(
    ("language", "none"), [("en", "Nothing found for ‘hello <b>’"), ("nl", "Niets gevonden voor ‘hello <b>’")]
)
def test_nothing_found_is_said_where_everybody_sees_it(tab, address, language, none):
    tab.goto(f"{address}/{language}/")
    assert found(tab, "hello <b>") == []
    assert none in tab.locator(".found [role=status]").inner_text()
    assert shows(tab)
    tab.locator("#find").press("Enter")
    assert tab.url == f"{address}/{language}/"
    tab.keyboard.press("Tab")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    tab.wait_for_url(f"**/{language}/codes/")


def test_empty_field_leads_to_the_codes(tab, address):
    tab.goto(f"{address}/nl/")
    tab.locator("#find").press("Enter")
    tab.wait_for_url("**/nl/codes/")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5.7.999", ["codes/5.7.0/", "codes/#x7"]),
        ("5.7.520", ["codes/5.7.0/", "codes/#x7"]),
        ("4.7.999", ["codes/4.7.0/", "codes/#x7"]),
        ("599", ["codes/#c5"]),
    ],
)
def test_unknown_code_falls_back_to_what_its_beginning_says_and_says_so(tab, address, text, expected):
    tab.goto(f"{address}/nl/")
    assert found(tab, text) == expected
    assert f"Over {text} is hier geen pagina" in tab.locator(".found [role=status]").inner_text()
    assert shows(tab)
    tab.locator("#find").press("Enter")
    tab.wait_for_url(f"**/nl/{expected[0]}")


@pytest.mark.parametrize("text", ["999", "192.0.2.1", "…", "((("])
def test_nothing_is_made_of_what_is_no_code(homes, text):
    assert found(homes["nl"], text) == []


def test_suggestions_close_behind_the_reader_and_come_back(tab, address):
    tab.goto(f"{address}/nl/")
    field, panel = tab.locator("#find"), tab.locator("#find-list")
    found(tab, "mailbox vol")
    assert field.get_attribute("aria-expanded") == "true"
    tab.locator("h1").click()
    panel.wait_for(state="hidden")
    assert field.get_attribute("aria-expanded") == "false"
    field.focus()
    panel.wait_for()
    tab.keyboard.press("Tab")
    panel.wait_for(state="hidden")
    field.focus()
    panel.wait_for()
    tab.keyboard.press("Escape")
    panel.wait_for(state="hidden")


def test_suggestions_are_chosen_by_keyboard(tab, address):
    tab.goto(f"{address}/nl/")
    field = tab.locator("#find")
    pages = found(tab, "mailbox vol")
    for key, number in (
        ("ArrowDown", 0),
        ("ArrowDown", 1),
        ("ArrowUp", 0),
        ("ArrowUp", len(pages) - 1),
        ("ArrowDown", 0),
    ):
        field.press(key)
        chosen = tab.locator("#find-list [aria-selected=true]")
        assert field.get_attribute("aria-activedescendant") == chosen.get_attribute("id") == f"find-{number}"
    field.press("ArrowDown")
    field.press("Enter")
    tab.wait_for_url(f"**/nl/{pages[1]}")


def test_suggestion_is_chosen_by_mouse(tab, address):
    tab.goto(f"{address}/en/")
    pages = found(tab, "mailbox full")
    tab.locator("#find-list li").nth(2).click()
    tab.wait_for_url(f"**/en/{pages[2]}")


@pytest.mark.parametrize("text", ["mailbox", "5.7.999", "hello grandma"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_open_field_has_no_accessibility_fault(browser, address, text, scheme):
    context = browser.new_context(color_scheme=scheme)
    tab = context.new_page()
    tab.goto(f"{address}/en/")
    found(tab, text)
    assert [one["id"] for one in Axe().run(tab).response["violations"]] == []
    context.close()


def test_suggestions_use_the_whole_width_of_a_phone(browser, address):
    context = browser.new_context(viewport={"width": 390, "height": 760})
    tab = context.new_page()
    tab.goto(f"{address}/nl/")
    found(tab, "wachtwoord")
    row, title = tab.locator("#find-list li").first, tab.locator("#find-list li span").first
    outer, inner = row.bounding_box(), title.bounding_box()
    assert outer is not None
    assert inner is not None
    assert inner["x"] - outer["x"] < 20
    assert inner["width"] > 0.85 * outer["width"]
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()
