"""The built site: every page is there, in its language, linked and found."""

import functools
import html
import html.parser
import json
import re
import subprocess
import sys
import urllib.parse
import xml.etree.ElementTree as ET
from pathlib import Path

import jsonschema
import pytest

import smtpcodes
from tests.conftest import LANGUAGES, ROOT, SITE
from tools.pages import said

CODES = [str(reply.code) for reply in smtpcodes.replies()] + [
    code for status in smtpcodes.statuses() for code in status.codes
]
REASONS = [reason.name for reason in smtpcodes.reasons()]
PAGES = [*(f"codes/{code}" for code in CODES), *(f"reasons/{name}" for name in REASONS), "bounces/soft", "bounces/hard"]
PAGES += [f"servers/{server.name}" for server in smtpcodes.servers()]
SCHEMA = json.loads((ROOT / "codes/record.schema.json").read_text(encoding="utf-8"))
# What a page says where the label is too long for the strip.
BRIEF = {
    "en": {"sender_admin": "Sender's admin", "recipient_admin": "Recipient's admin"},
    "nl": {"sender_admin": "Beheerder bij de afzender", "recipient_admin": "Beheerder bij de ontvanger"},
}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Page(html.parser.HTMLParser):
    """Collect what the tests look at: links, anchors, title, metadata, language, text."""

    def __init__(self, path: Path) -> None:
        super().__init__(convert_charrefs=True)
        self.path = path
        self.links: list[str] = []
        self.resources: list[str] = []
        self.ids: list[str] = []
        self.meta: dict[str, str] = {}
        self.rel: dict[str, str] = {}
        self.lang = ""
        self.title = ""
        self.text: list[str] = []
        self._inside: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        values = {key: value or "" for key, value in attrs}
        if tag not in VOID:
            self._inside.append(tag)
        if "id" in values:
            self.ids.append(values["id"])
        if tag == "html":
            self.lang = values.get("lang", "")
        if tag == "meta":
            self.meta[values.get("name") or values.get("property", "")] = values.get("content", "")
        if tag == "link":
            self.rel[values.get("rel", "")] = values.get("href", "")
            if values.get("rel") not in ("canonical", "alternate", "prev", "next"):
                self.resources.append(values.get("href", ""))
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        if "src" in values:
            self.resources.append(values["src"])

    def handle_endtag(self, tag):
        while self._inside and self._inside.pop() != tag:
            pass

    def handle_data(self, data):
        if self._inside and self._inside[-1] == "title":
            self.title += data
        elif not {"script", "style"} & set(self._inside):
            self.text.append(data)


@functools.cache
def page(path: Path) -> Page:
    return Page(path)


@functools.cache
def html_pages() -> list[Path]:
    return sorted(SITE.rglob("*.html"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_reason_and_bounce_has_its_page(language):
    missing = [name for name in PAGES if not (SITE / language / name / "index.html").is_file()]
    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_its_json_and_it_fits_the_schema(language):
    folder = SITE / "api" / "v1" / language
    validator = jsonschema.Draft202012Validator(SCHEMA)
    for code in CODES:
        record = json.loads((folder / f"{code}.json").read_text(encoding="utf-8"))
        validator.validate(record)
        assert record == json.loads(json.dumps(smtpcodes.lookup(code).localized(language).to_dict()))
    listed = json.loads((folder / "codes.json").read_text(encoding="utf-8"))
    assert len(listed) >= len(CODES)
    assert (SITE / "api/v1/schema.json").read_bytes() == (ROOT / "codes/record.schema.json").read_bytes()


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_shows_what_the_package_gives(language):
    for code in CODES:
        record = smtpcodes.lookup(code).localized(language)
        shown = " ".join("".join(page(SITE / language / "codes" / code / "index.html").text).split())
        for text in (
            record.title,
            record.meaning,
            record.outcome,
            *record.for_sender,
            *record.for_sender_admin,
            *record.for_recipient_admin,
        ):
            assert " ".join(smtpcodes.plain(text).split()) in shown, (code, text)
        for name in ("severity", "bounce", "retry", "suppress", "actor"):
            if (name == "severity" and record.severity is None) or (name == "retry" and record.bounce == "none"):
                continue
            if name == "suppress" and record.bounce == "none" and record.severity not in ("positive", "intermediate"):
                continue
            label = BRIEF[language].get(record.actor) if name == "actor" else None
            assert smtpcodes.plain(label or record.label(name)).lower() in shown.lower(), (code, name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_language_title_and_description_are_right_and_unique(language):
    titles: dict[str, Path] = {}
    for path in (SITE / language).rglob("*.html"):
        one = page(path)
        assert one.lang == language, path
        if path.name == "404.html":
            continue
        assert one.title, path
        assert titles.setdefault(one.title, path) == path, (one.title, path, titles[one.title])
        assert 20 <= len(one.meta.get("description", "")) <= 160, (path, one.meta.get("description"))
        assert one.rel.get("canonical", "").endswith(
            f"/{language}/{path.parent.relative_to(SITE / language)}/".replace("/./", "/")
        ), path


def source(language: str, name: str) -> str:
    """Return the HTML of a page, without what is round it."""
    text = (SITE / language / name / "index.html").read_text(encoding="utf-8")
    return text[text.index("<article") : text.index("</article>")]


def part(text: str, anchor: str) -> str:
    """Return the HTML from a heading to the next one, or nothing."""
    found = re.search(rf'<h2 [^>]*id="{anchor}".*?(?=<h2 |$)', text, re.S)
    return found[0] if found else ""


def strip(text: str) -> list[str]:
    """Return the HTML of each fact of the strip."""
    return re.findall(r"<dd.*?</dd>", text[text.index('<dl class="facts') :], re.S)[:5]


def bare(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", text)).split())


def test_every_code_page_has_its_parts_in_the_same_order():
    order = ["do", "which", "example", "servers", "senses", "notes", "standard", "related"]
    for code in CODES:
        found = re.findall(r'<h2 [^>]*id="(\w+)"', source("nl", f"codes/{code}"))
        assert found == [one for one in order if one in found], code
        assert {"do", "standard", "related"} <= set(page(SITE / "nl/codes" / code / "index.html").ids), code


def test_what_depends_on_the_reason_leads_to_the_table_of_reasons():
    for code in CODES:
        record, text = smtpcodes.lookup(code), source("nl", f"codes/{code}")
        if part(text, "which"):
            names = ("bounce", "retry", "suppress", "actor")
            for name, fact in zip(names, strip(text)[1:], strict=True):
                if getattr(record, name) is None:
                    assert 'href="#which"' in fact, (code, name)


def test_nobody_acts_only_where_that_goes_for_every_reason():
    assert 'href="#which"' in strip(source("nl", "codes/421"))[4]
    assert bare(strip(source("nl", "codes/421"))[4]) == "Meestal niemand"
    assert bare(strip(source("nl", "reasons/greylisted"))[4]) == "Niemand"


@pytest.mark.parametrize("language", LANGUAGES)
def test_rows_of_the_tables_of_codes_and_reasons_can_be_told_apart(language):
    for name in PAGES:
        for table in re.findall(r"<table>.*?</table>", part(source(language, name), "which"), re.S):
            rows = [[bare(one) for one in re.findall(r"<td.*?</td>", row, re.S)] for row in table.split("<tr>")[2:]]
            assert all(row[0].strip("–") for row in rows), name
            if len(rows) > 1:
                assert all(len(set(column)) > 1 for column in zip(*rows, strict=True)), name


def test_reason_is_recognized_by_words_that_servers_say():
    table = part(source("en", "codes/550"), "which")
    row = next(one for one in table.split("<tr>") if "reasons/user_unknown/" in one)
    assert "User unknown" in row
    assert ">5.1.1<" in row
    row = next(one for one in table.split("<tr>") if "reasons/blocklisted/" in one)
    assert "blocked using" in row
    assert ">5.7.1<" in row


def test_real_servers_are_quoted_in_turn_and_the_commonest_reason_first():
    for name in [*(f"codes/{code}" for code in CODES), *(f"reasons/{name}" for name in REASONS)]:
        replies = part(source("en", name), "servers")
        servers = re.findall(r"\.\./servers/(\w+)/#", replies)
        assert all(servers.count(one) <= 2 for one in servers), name
        reasons = re.findall(r"\.\./reasons/(\w+)/", replies)
        if name.startswith("codes/"):
            own = [one for one in smtpcodes.lookup(name[6:]).reasons if one in reasons]
            assert reasons[: len(own)] == own, name
    assert "reasons/user_unknown/" in part(source("en", "codes/550"), "servers").split("</li>")[0]


def test_reply_is_quoted_without_its_signature_and_whole_words():
    for code in CODES:
        assert " - gsmtp" not in bare(part(source("en", f"codes/{code}"), "servers")), code
    assert said("550 a hard fail policy (-all). - gsmtp") == "550 a hard fail policy <span>(-all).</span>"
    assert "<span>SC-003</span>" in part(source("en", "codes/550"), "servers")


@pytest.mark.parametrize(("language", "answer"), [("en", "Not applicable"), ("nl", "Niet van toepassing")])
def test_no_address_is_bad_where_a_refusal_is_no_bounce(language, answer):
    for code in CODES:
        record = smtpcodes.lookup(code)
        refused = record.severity not in ("positive", "intermediate")
        shown = bare(strip(source(language, f"codes/{code}"))[3])
        assert (shown == answer) == (refused and record.bounce == "none"), code


def test_line_under_related_is_a_link_as_a_whole_and_the_standard_comes_first():
    for code in CODES:
        lines = re.findall(r"<li>(.*?)</li>", part(source("nl", f"codes/{code}"), "related"), re.S)
        assert lines
        for line in lines:
            assert re.fullmatch(r"<a [^>]*>(?:(?!</a>).)*</a>", line.strip(), re.S), (code, line)
    shown = re.findall(r"<code>(\d+)</code>", part(source("nl", "codes/550"), "related"))
    standing = [smtpcodes.lookup(one).standing == "current" for one in shown]
    assert standing == sorted(standing, reverse=True)
    assert len(shown) == 5


def test_example_explains_only_the_sides_that_it_shows():
    for code in CODES:
        example = part(source("nl", f"codes/{code}"), "example")
        if example:
            assert ("<code>C:</code>" in example) == ("<b>C:</b>" in example), code


def test_no_broken_link_or_anchor():
    broken = []
    for path in html_pages():
        for link in page(path).links:
            parts = urllib.parse.urlsplit(link)
            if parts.scheme or parts.netloc or path.name == "404.html":
                continue
            target = (path.parent / urllib.parse.unquote(parts.path)).resolve() if parts.path else path
            if parts.path.startswith("/"):
                target = SITE / urllib.parse.unquote(parts.path).lstrip("/")
            if target.is_dir():
                target /= "index.html"
            if not target.is_file() or (
                parts.fragment
                and target.suffix == ".html"
                and urllib.parse.unquote(parts.fragment) not in page(target).ids
            ):
                broken.append((str(path.relative_to(SITE)), link))
    assert broken == []


def test_no_anchor_is_there_twice():
    for path in html_pages():
        ids = page(path).ids
        assert len(ids) == len(set(ids)), (path, {one for one in ids if ids.count(one) > 1})


def test_anchors_are_the_same_in_every_language():
    for name in ("codes/550", "codes/5.2.2", "reasons/mailbox_full"):
        english, dutch = (
            {one for one in page(SITE / language / name / "index.html").ids if not one.startswith("__")}
            for language in LANGUAGES
        )
        assert english == dutch
        assert {"do", "sender", "sender-admin", "recipient-admin"} <= english


def test_nothing_comes_from_another_host():
    for path in html_pages():
        for resource in page(path).resources:
            assert not urllib.parse.urlsplit(resource).netloc, (path, resource)
    for path in SITE.rglob("*.css"):
        for found in re.findall(r"url\(([^)]*)\)", path.read_text(encoding="utf-8")):
            assert not re.match(r"['\"]?(https?:)?//", found), (path, found)


def test_search_index_holds_one_language():
    for language in LANGUAGES:
        index = json.loads((SITE / language / "search/search_index.json").read_text(encoding="utf-8"))
        assert index["config"]["lang"] == [language]
        places = {entry["location"].partition("#")[0] for entry in index["docs"]}
        assert {f"{name}/" for name in PAGES} <= places
        text = " ".join(entry["text"] for entry in index["docs"])
        other = LANGUAGES[1 - LANGUAGES.index(language)]
        for reason in smtpcodes.reasons():
            assert smtpcodes.plain(reason.localized(language).meaning)[:30] in text
            assert smtpcodes.plain(reason.localized(other).meaning)[:30] not in text


def test_sitemap_pairs_are_reciprocal():
    space = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
    root = ET.parse(SITE / "sitemap.xml").getroot()
    pairs = {
        url.findtext("s:loc", "", space): {
            link.get("hreflang"): link.get("href") for link in url.findall("x:link", space)
        }
        for url in root.findall("s:url", space)
    }
    base = smtpcodes.lookup(550).url.removesuffix("/en/codes/550/")
    for language in LANGUAGES:
        assert {f"{base}/{language}/{name}/" for name in PAGES} <= set(pairs)
    for address, others in pairs.items():
        if others:
            assert set(LANGUAGES) <= set(others)
            assert address in others.values()
            for other in LANGUAGES:
                assert pairs[others[other]] == others


def test_root_offers_both_languages_and_robots_name_the_sitemap():
    links = page(SITE / "index.html").links
    assert any(link.rstrip("/").endswith("en") for link in links)
    assert any(link.rstrip("/").endswith("nl") for link in links)
    assert "Sitemap: " in (SITE / "robots.txt").read_text(encoding="utf-8")


def test_404_is_bilingual():
    text = " ".join(page(SITE / "404.html").text)
    assert "not found" in text.lower() or "does not exist" in text.lower()
    assert "niet gevonden" in text.lower() or "bestaat niet" in text.lower()


@pytest.mark.parametrize("language", LANGUAGES)
def test_reasons_begin_with_the_most_common(language):
    links = [link.strip("/") for link in page(SITE / language / "reasons/index.html").links]
    shown = [link for link in links if link in REASONS]
    assert shown[0] == "user_unknown"
    assert {"mailbox_full", "spam_suspected", "blocklisted"} <= set(shown[:6])
    text = (SITE / language / "reasons/index.html").read_text(encoding="utf-8")
    for subject, first in (("x1", "user_unknown"), ("x2", "mailbox_full"), ("x7", "spam_suspected")):
        group = text.partition(f'id="{subject}"')[2].partition("<h2")[0]
        assert re.findall(r'href="(\w+)/"', group)[0] == first


@pytest.mark.parametrize("language", LANGUAGES)
def test_servers_are_in_the_menu_and_on_the_home_page(language):
    home = (SITE / language / "index.html").read_text(encoding="utf-8")
    tabs = home.partition('class="md-tabs"')[2].partition("</nav>")[0]
    drawer = home.partition("md-nav--primary")[2].partition("md-sidebar--secondary")[0]
    assert 'href="servers/"' in tabs
    assert 'href="servers/"' in drawer
    assert 'href="servers/gmail/"' in home


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_server_is_in_its_group(language):
    text = (SITE / language / "servers/index.html").read_text(encoding="utf-8")
    for server in smtpcodes.servers():
        group = text.partition(f'id="{server.kind}"')[2].partition("<h2")[0]
        rows = [row for row in smtpcodes.diagnostics() if row.id.startswith(f"{server.name}/")]
        assert re.search(rf'href="{server.name}/">[^<]* <small>{len(rows)}</small>', group), server.name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reply_of_a_server_is_at_its_address_and_listed_by_its_code(language):
    for row in smtpcodes.diagnostics():
        name, _, anchor = row.id.partition("/")
        text = (SITE / language / "servers" / name / "index.html").read_text(encoding="utf-8")
        shown = re.search(rf'<code id="{anchor}">(.*?)</code>', text)
        assert shown, row.id
        assert html.unescape(re.sub("<[^>]*>", "", shown[1])) == row.sample
        if found := re.match(r"\d{3} ", row.sample):
            assert shown[1].startswith('<a href="../../codes/') or found[0].strip() not in CODES, row.id
            assert f'href="#{anchor}"' in text or text.count("<code id=") <= 2, row.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_contents_list_of_the_questions_names_all_fifteen(language):
    text = (SITE / language / "questions/index.html").read_text(encoding="utf-8")
    contents = text.partition("md-nav--secondary")[2].partition("</nav>")[0]
    asked = set(re.findall(r'href="questions/#([\w-]+)"', (SITE / language / "index.html").read_text(encoding="utf-8")))
    assert len(asked) == 15
    assert asked == set(re.findall(r'href="#([\w-]+)"', contents))
    assert {"sender", "admin", "developer"} <= set(page(SITE / language / "questions/index.html").ids)


def test_no_command_has_a_prompt_that_is_copied_with_it():
    for path in html_pages():
        for block in re.findall(r"<code[^>]*>(.*?)</code>", path.read_text(encoding="utf-8"), re.S):
            assert not re.search(r"^(\$|PS&gt;) ", block, re.M), (path, block)


@pytest.mark.parametrize("language", LANGUAGES)
def test_code_pages_stay_light(language):
    for code in CODES:
        size = (SITE / language / "codes" / code / "index.html").stat().st_size
        assert size <= 40_000, (code, size)


def test_two_builds_of_the_site_are_byte_identical(tmp_path):
    subprocess.run(
        [sys.executable, "-m", "tools.site", "--out", str(tmp_path / "again")],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    first = {path.relative_to(SITE): path.read_bytes() for path in SITE.rglob("*") if path.is_file()}
    second = {
        path.relative_to(tmp_path / "again"): path.read_bytes()
        for path in (tmp_path / "again").rglob("*")
        if path.is_file()
    }
    assert first.keys() == second.keys()
    assert [str(name) for name in first if first[name] != second[name]] == []
