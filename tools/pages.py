"""Write the pages that are made from the records, as plain Markdown that any site engine can build.

Everything shown comes through the public API of `smtpcodes`, so a page cannot say more than an app would get. What is
not in the records (headings, breadcrumbs) stands in the templates as gettext strings of the same catalogue.
"""

from __future__ import annotations

import gettext
import html
import json
import os
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

import smtpcodes
from smtpcodes import Diagnostic, Reason, Reply, Status
from smtpcodes._records import load
from tools import diagrams, pictures
from tools.diagrams import Group, Line
from tools.synonyms import BOUNCES, ENGLISH, NEXT, STOP_WORDS, SUBJECTS, synonyms

ROOT = Path(__file__).resolve().parent.parent
SNIPPETS = Path("build", "snippets")
DESCRIPTION = 155
PHRASES = 15  # of a reason in the search index, which every reader downloads whole
RELATED = 5  # what comes after is in the index, and links back
TWICE = 2  # a server is not quoted more often on a page

Code = Reply | Status

# The class names of the style sheet for a severity; a reason has none of its own.
STYLES = {"positive": "ok", "intermediate": "info", "transient": "wait", "permanent": "stop", None: "open"}
ICONS: dict[str, dict[Any, str]] = {
    "severity": {**STYLES, None: "maybe"},
    "bounce": {"none": "never", "soft": "again", "hard": "hard", None: "maybe"},
    "retry": {"automatic": "again", "later": "wait", "after_fix": "fix", "never": "never", None: "maybe"},
    "suppress": {True: "bad", False: "keep", None: "maybe"},
    "actor": {
        "nobody": "never",
        "sender": "sender",
        "sender_admin": "admin",
        "recipient": "inbox",
        "recipient_admin": "admin",
        None: "maybe",
    },
}
ROLES = {"sender": "sender", "recipient": "inbox", "sender_admin": "admin", "recipient_admin": "admin"}

_SPAN = re.compile(r"(`[^`]*`)")
_LEAD = re.compile(r"(\d{3}(?!\d))?[ -]?#?(\d\.\d{1,3}\.\d{1,3})?(?![\d.])")
_REFERENCE = re.compile(r"RFC (\d+)(?: (?:§|Appendix )([\w.]+))?")


def languages() -> tuple[str, ...]:
    """Return the languages of the site: English, and each that has a `mkdocs.<language>.yml`."""
    others = sorted(path.name.split(".")[1] for path in ROOT.glob("mkdocs.*.yml"))
    return ("en", *others)


def site() -> str:
    """Return the base address of the site without a slash at its end; SMTPCODES_SITE overrides the one in the data."""
    address: str = os.environ.get("SMTPCODES_SITE") or load()["site"]
    return address.rstrip("/")


# Texts


def markdown(text: str) -> str:
    """Escape what Markdown would take for markup, except code spans: a text is prose, whatever it begins with."""
    parts = _SPAN.split(" ".join(text.split()))
    for number in range(0, len(parts), 2):
        prose = parts[number].replace("&", "&amp;").replace("<", "&lt;")
        parts[number] = re.sub(r"([\\*_\[\]{}|])", r"\\\1", prose)
    parts[0] = re.sub(r"^(\s*)(\d+(?=[.)])|(?=[-+#>]))", r"\1\2\\", parts[0])
    return "".join(parts)


def cell(text: str) -> str:
    """Escape a text for a table, where a vertical bar ends the cell even in a code span."""
    return re.sub(r"(?<!\\)\|", r"\\|", markdown(text))


def rich(text: str) -> str:
    """Return a text as HTML, for the places where Markdown cannot go."""
    parts = _SPAN.split(html.escape(text, quote=False))
    parts[1::2] = [f"<code>{part[1:-1]}</code>" for part in parts[1::2]]
    return "".join(parts)


def said(text: str) -> str:
    """Return a reply as HTML without its server's signature; a word such as -all is not broken at its hyphen."""
    parts = re.split(r"(\S*-\S+)", text.removesuffix(" - gsmtp"))
    parts = [html.escape(part, quote=False) for part in parts]
    parts[1::2] = [f"<span>{part}</span>" if len(part) < 20 else part for part in parts[1::2]]
    return "".join(parts)


def capital(text: str) -> str:
    """Begin with a capital, for a word that stands alone; the labels are in lower case for running text."""
    return text[:1].upper() + text[1:]


def description(*texts: str) -> str:
    """Return as many whole sentences as a search engine shows; a first sentence that is too long is cut at a word."""
    sentences = [one for text in texts for one in re.split(r"(?<=[.!?])\s+", smtpcodes.plain(text)) if one]
    result = sentences[0]
    if len(result) > DESCRIPTION:
        return result[: DESCRIPTION - 2].rsplit(" ", 1)[0].rstrip(",;:") + " …"
    for sentence in sentences[1:]:
        if len(result) + 1 + len(sentence) > DESCRIPTION:
            break
        result += f" {sentence}"
    return result


def quoted(value: object) -> str:
    """Quote a value for front matter: JSON is YAML."""
    return json.dumps(value, ensure_ascii=False)


def reference_url(reference: str) -> str:
    """Return the address of a reference: an RFC's section at its publisher, or the address that it is already."""
    found = _REFERENCE.fullmatch(reference)
    if not found:
        return reference
    number, section = found.groups()
    part = "" if not section else f"#section-{section}" if section[0].isdigit() else f"#appendix-{section}"
    return f"https://www.rfc-editor.org/rfc/rfc{number}{part}"


def reference_parts(reference: str) -> tuple[str, str, str]:
    """Return host, RFC number and section of a reference; what does not apply is empty."""
    found = _REFERENCE.fullmatch(reference)
    if found:
        return "", found[1], found[2] or ""
    return (urlsplit(reference).hostname or "").removeprefix("www."), "", ""


# Records


@dataclass(frozen=True)
class Row:
    """Hold one line of the table `Which reason exactly?`: by what it is recognized, the reason, and what differs."""

    codes: tuple[str, ...]
    words: tuple[str, ...]
    reason: Reason
    suppress: bool | None
    actor: str | None


@cache
def every_code() -> tuple[Code, ...]:
    """Return all codes that have a page: the replies, and each status in each of its classes."""
    return (*smtpcodes.replies(), *(smtpcodes.lookup(code) for status in smtpcodes.statuses() for code in status.codes))


def digit(code: Code) -> int:
    """Return the class of a code: its first digit."""
    return int(str(code.code)[0])


@cache
def server_names() -> dict[str, str]:
    """Return how the servers are called; a name is the same in every language."""
    return {server.name: server.title for server in smtpcodes.servers()}


@cache
def wordings() -> list[dict[str, Any]]:
    """Return the phrases that are whole; a word such as `unknown`, which needs others before it, says nothing here."""
    return [phrase for phrase in load("explain")["phrases"] if "after" not in phrase]


@cache
def phrases(reason: str, language: str) -> tuple[str, ...]:
    """Return what servers say for a reason, in the reader's language and English: people search for it and paste it."""
    rows = [row for row in wordings() if row["language"] in (language, "en")] + load("explain")["diagnostics"]
    found = (fragment.lower() for row in rows if row["reason"] == reason for fragment in row["match"])
    return tuple(dict.fromkeys(found))[:PHRASES]


@cache
def sayings(reason: str) -> tuple[str, ...]:
    """Return the words that the most servers say for a reason, as they write them; at most two, and no vague ones."""
    told = [row for row in wordings() if (row["reason"], row["language"]) == (reason, "en")]
    heard = [(row.server or row.id, row.sample) for row in smtpcodes.diagnostics() if row.reason == reason]
    heard += [(f"phrase {number}", row["sample"]) for number, row in enumerate(told)]
    all_said = "\n".join(sample for _, sample in heard).lower()
    count: dict[str, tuple[int, str]] = {}
    for fragment in (one.lower() for row in told if not row.get("weak") for one in row["match"]):
        whole = rf"(?<!\w){re.escape(fragment)}(?!\w)"
        likely = [one for one in heard if fragment in one[1].lower()] if fragment in all_said else []
        said = [(server, match[0]) for server, sample in likely if (match := re.search(whole, sample, re.IGNORECASE))]
        count[fragment] = (len({server for server, _ in said}), said[0][1] if said else fragment)
    best = sorted(count, key=lambda fragment: -count[fragment][0])
    other = [one for one in best if count[one][0] > 1 and not {*one.split()} & {*best[0].split()}]
    return tuple(count[one][1] for one in (*best[:1], *other[:1]))


@cache
def fragments(reason: str, language: str) -> tuple[str, ...]:
    """Return all words by which a reason is recognized, in the reader's language and English, as the field folds text.

    Vague words are left out: here nothing weighs them against the code beside them.
    """
    rows = [row for row in wordings() if row["language"] in (language, "en") and not row.get("weak")]
    found = (one for row in (*load("explain")["diagnostics"], *rows) if row["reason"] == reason for one in row["match"])
    return tuple(dict.fromkeys(filter(None, map(folded, found))))


def folded(text: str) -> str:
    """Return a text without capitals, diacritics and punctuation, precisely as find.js does it."""
    letters = unicodedata.normalize("NFD", text.lower())
    return re.sub(r"[\W_]+", " ", "".join(one for one in letters if not "\u0300" <= one <= "\u036f")).strip()


@cache
def weights() -> dict[str, int]:
    """Return how common each reason is, as far as the records tell: by how many servers give it, in how many words."""
    count = Counter(row["reason"] for row in wordings() for _ in row["match"])
    servers: dict[str, set[str]] = {}
    for row in smtpcodes.diagnostics():
        servers.setdefault(row.reason, set()).add(row.id.partition("/")[0])
        count[row.reason] += len(row.match)
    names = [reason.name for reason in smtpcodes.reasons()]
    return {name: (len(servers.get(name, ())) + 1) * (count[name] + 1) for name in names}


@cache
def showing() -> dict[str, list[int]]:
    """Return which diagnostics show a code in their sample, by their number."""
    found: dict[str, list[int]] = {}
    for number, row in enumerate(smtpcodes.diagnostics()):
        for code in dict.fromkeys(re.findall(r"(?<![\d.])\d(?:\d\d|\.\d+\.\d+)(?![\d.]*\d)", row.sample)):
            found.setdefault(code, []).append(number)
    return found


class Book:
    """Hold the records in one language and what the templates do with them."""

    def __init__(self, language: str, translations: gettext.NullTranslations | None = None) -> None:
        """Take the records of a language; other translations than the catalogue's are for those who count words."""
        self.language = language
        self.codes = {str(code.code): code.localized(language) for code in every_code()}
        self.reasons = {reason.name: reason.localized(language) for reason in smtpcodes.reasons()}
        self.bounces = tuple(bounce.localized(language) for bounce in smtpcodes.bounces())
        self.classes = {family.code: family.localized(language) for family in smtpcodes.classes()}
        self.subjects = tuple(subject.localized(language) for subject in smtpcodes.subjects())
        self.patterns = tuple(status.localized(language) for status in smtpcodes.statuses())
        self.diagnostics = tuple(row.localized(language) for row in smtpcodes.diagnostics())
        self.labels = {label.name: label.localized(language) for label in smtpcodes.labels()}
        texts = translations or catalogue(language)
        self.text = texts.gettext
        self.environment = environment(texts)
        own = {
            "stop_words": STOP_WORDS.get(language, ENGLISH),
            "word": self.word,
            "question": self.question,
            "picture": self.picture,
        }
        self.environment.globals.update(book=self, language=language, **own)

    def render(self, template: str, **values: Any) -> str:
        """Fill in a template; the lines that its logic leaves empty are made one."""
        text = self.environment.get_template(template).render(**values)
        return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"

    def word(self, label: str, value: Any) -> str:
        """Return the word for a value, with a capital, because it stands alone on a page.

        A label without a word for `unknown` borrows that of another: it depends on the reason.
        """
        unknown = value is None and not any(one.name == "unknown" for one in self.labels[label].values)
        return capital(self.labels["retry" if unknown else label].word(value))

    def question(self, label: str) -> str:
        """Return the short question that a value answers."""
        return self.labels[label].short

    def picture(self, name: str) -> str:
        """Return a picture with its words, for a page that shows it."""
        return self.render(f"{name}.html.j2")

    def roles(self, record: Any) -> list[tuple[str, str, tuple[str, ...]]]:
        """Return role, heading and steps of each role that can do something, always in the same order."""
        headings = self.labels["text"]
        return [
            (role, headings.word(f"for_{role}"), steps) for role in ROLES if (steps := getattr(record, f"for_{role}"))
        ]

    def command(self, name: str) -> str:
        """Return a command as text: a literal in code font, or the words for a moment that is no command."""
        value = next(value for value in self.labels["command"].values if value.name == name)
        return f"`{value.literal}`" if value.literal else value.title or name

    def variant(self, code: str, near: int) -> Code:
        """Return the code that is meant by a pattern such as X.7.1 on a page of a class."""
        if not code.startswith("X"):
            return self.codes[code]
        there = [self.codes[one] for one in smtpcodes.lookup(code).codes]  # type: ignore[union-attr]
        return next((one for one in there if digit(one) == near), there[-1])

    def commands(self, names: Iterable[str]) -> str:
        """Return commands as a list in a sentence."""
        return ", ".join(map(self.command, names))

    def subject(self, code: str) -> smtpcodes.Subject:
        """Return a subject such as X.7."""
        return next(subject for subject in self.subjects if subject.code == code)

    def replies(self, family: int) -> list[Reply]:
        """Return the reply codes of a class that are in the standard."""
        found = (code for code in self.codes.values() if isinstance(code, Reply))
        return [code for code in found if code.standing == "current" and digit(code) == family]

    def outsiders(self) -> list[Reply]:
        """Return the reply codes that no current standard defines."""
        return [code for code in self.codes.values() if isinstance(code, Reply) and code.standing != "current"]

    def numbers(self) -> set[int]:
        """Return the reply codes that have a page."""
        return {code.code for code in self.codes.values() if isinstance(code, Reply)}

    def reply_link(self, code: int) -> str:
        """Return a reply code as a link, where it has a page."""
        return f"[`{code}`]({code}.md){{ .code }}" if str(code) in self.codes else f"`{code}`"

    def differences(self, sense: smtpcodes.Sense, code: Reply) -> list[str]:
        """Return the answers of a sense that are not those of its code."""
        names = ("bounce", "retry", "suppress", "actor")
        return [name for name in names if getattr(sense, name) != getattr(code, name)]

    def related(self, record: Code) -> list[Code]:
        """Return the nearest of the related codes: those of the standard first."""
        found = [self.variant(code, digit(record)) for code in record.related]
        return sorted(found, key=lambda code: code.standing != "current")[:RELATED]

    def by_title(self, status: Status) -> list[tuple[str, list[Code]]]:
        """Group the classes of a status by their title: 4.7.23 can be another story than 5.7.23."""
        found: dict[str, list[Code]] = {}
        for code in status.codes:
            found.setdefault(self.codes[code].title, []).append(self.codes[code])
        return list(found.items())

    def siblings(self, status: Status) -> list[Code]:
        """Return the same status in its other classes: 4.2.2 for 5.2.2."""
        return [self.codes[code] for code in status.codes if code != status.code]

    def rows(self, code: Code) -> list[Row]:
        """Return why a code can come, a reason each, with the enhanced codes and the words that say it.

        An enhanced code that can say more than this stands first where servers send it more, or when there is no other.
        """
        result = []
        for name in code.reasons:
            can = [one for one in getattr(code, "statuses", ()) if name in self.codes[one].reasons]
            exact = [one for one in can if len(self.codes[one].reasons) == 1]
            sent = Counter(one for row in self.diagnostics if row.reason == name for one in row.statuses)
            usual = sorted(can, key=lambda one: (-sent[one], len(self.codes[one].reasons)))
            reason = self.reasons[name]
            suppress = False if digit(code) == 4 else reason.suppress
            if usual[:1] and (not exact or sent[usual[0]] > max(sent[one] for one in exact)):
                exact = list(dict.fromkeys((usual[0], *exact)))
            result.append(Row(tuple(exact[:2]), sayings(name), reason, suppress, reason.actor))
        return result

    def codes_of(self, reason: Reason) -> list[Code]:
        """Return the codes of a reason: those that say nothing else first."""
        found = [self.codes[code] for code in reason.codes]
        return sorted(found, key=lambda one: len(one.reasons) > 1)

    def outcomes(self, reason: Reason) -> list[str]:
        """Return which refusals a reason comes as: temporary, permanent, or both where no code tells."""
        found = {self.codes[code].severity for code in reason.codes}
        refusals = ("transient", "permanent")
        return [severity for severity in refusals if severity in found] or list(refusals)

    def outcome(self, reason: Reason, severity: str) -> str | None:
        """Return what happens now when a reason comes as this kind of refusal, as a code of this reason alone says."""
        only = (code for code in self.codes_of(reason) if (code.severity, code.reasons) == (severity, (reason.name,)))
        return next((code.outcome for code in only), self.family(severity).outcome)

    def family(self, severity: str) -> smtpcodes.CodeClass:
        """Return the class of a severity."""
        return next(family for family in self.classes.values() if family.severity == severity)

    def samples(self, reason: Reason) -> list[Status]:
        """Return a status of each class whose example line shows this reason and no other."""
        found: dict[int, Status] = {}
        for name in reason.codes:
            code = self.codes[name]
            if isinstance(code, Status) and code.sample and code.reasons == (reason.name,):
                found.setdefault(digit(code), code)
        return [found[one] for one in sorted(found)]

    def sample_lines(self, samples: list[Status]) -> list[str]:
        """Return example lines as a dialogue."""
        return [f"S: {status.sample}" for status in samples]

    def sample_styles(self, samples: list[Status]) -> dict[int, str]:
        """Return the colour of each example line."""
        return {number: STYLES[status.severity] for number, status in enumerate(samples, 1)}

    def servers(self, record: Code | Reason) -> list[Diagnostic]:
        """Return what real servers say for a reason, or with a code that their sample shows; known servers first."""
        if isinstance(record, Reason):
            return [row for row in self.diagnostics if row.reason == record.name]
        shown = [self.diagnostics[number] for number in showing().get(str(record.code), ())]
        return sorted(shown, key=lambda row: row.server is None)

    def voices(self, record: Code | Reason, limit: int) -> list[Diagnostic]:
        """Return what to quote of it: every reason in turn, in their order, from as many servers as there are."""
        groups: dict[str, list[Diagnostic]] = {name: [] for name in getattr(record, "reasons", ())}
        for row in self.servers(record):
            groups.setdefault(row.reason, []).append(row)
        quoted: Counter[str] = Counter()
        result: list[Diagnostic] = []
        while any(groups.values()):
            for rows in groups.values():
                rows.sort(key=lambda row: quoted[row.id.partition("/")[0]])
                if rows and quoted[server := rows[0].id.partition("/")[0]] < TWICE:
                    quoted[server] += 1
                    result.append(rows.pop(0))
                else:
                    rows.clear()
        return result[:limit]

    def rows_by_server(self) -> dict[str, list[Diagnostic]]:
        """Return what each server says, by the first part of the rows' names; a blocklist is no server, but has one.

        The server with most replies comes first: that is one of those that everybody mails to.
        """
        found: dict[str, list[Diagnostic]] = {}
        for row in self.diagnostics:
            found.setdefault(row.id.partition("/")[0], []).append(row)
        return dict(sorted(found.items(), key=lambda item: (item[0] == "any", -len(item[1]), item[0])))

    def servers_of(self, kind: str) -> list[tuple[str, int]]:
        """Return the servers of a kind, with how many replies of each are known."""
        kinds = {**{server.name: server.kind for server in smtpcodes.servers()}, "blocklist": "service"}
        rows = self.rows_by_server()
        return [(name, len(rows[name])) for name in rows if kinds.get(name, "software") == kind]

    def common(self, reasons: Iterable[Reason]) -> list[Reason]:
        """Return reasons with the most common one first."""
        return sorted(reasons, key=lambda reason: -weights()[reason.name])

    def by_reason(self, rows: list[Diagnostic]) -> list[tuple[Reason, list[Diagnostic]]]:
        """Group the rows of a server by their reason, the most common reason first."""
        return [
            (reason, mine)
            for reason in self.common(self.reasons.values())
            if (mine := [row for row in rows if row.reason == reason.name])
        ]

    def main_source(self, rows: list[Diagnostic]) -> str:
        """Return the page that at least half of the replies of a server come from, so that it can be named once."""
        page, count = Counter(row.source.partition("#")[0] for row in rows).most_common(1)[0]
        return page if 2 * count >= len(rows) else ""

    def lead(self, sample: str) -> tuple[str, str, str]:
        """Return the code that a reply begins with, that of the page about it (or none), and the rest."""
        found = _LEAD.match(sample)
        if not found or not found[0].strip():
            return "", "", sample
        reply, status = found.groups()
        page = next((one for one in (status, reply) if one in self.codes), "")
        return sample[: found.end()], page, sample[found.end() :]

    def by_code(self, rows: list[Diagnostic]) -> list[tuple[str, list[str]]]:
        """Return the codes that replies of a server begin with, in order, and the anchors of those replies."""
        found: dict[str, list[str]] = {}
        for _, mine in self.by_reason(rows):
            for row in mine:
                if code := self.lead(row.sample)[0]:
                    found.setdefault(code.replace("-", " ").replace("#", ""), []).append(row.id.partition("/")[2])
        return sorted(found.items(), key=lambda item: [int(part) for part in re.findall(r"\d+", item[0])])

    def search_words(self, record: Code | Reason) -> list[str]:
        """Return the words that lead to a page before others: the search weighs them most and does not show them."""
        if isinstance(record, Reason):
            english = smtpcodes.reason(record.name)
            words = (record.title, record.short, english.title, english.short, record.name.replace("_", " "))
            others = synonyms(self.language, record.name)
            return list(dict.fromkeys((*words, *others, *phrases(record.name, self.language))))
        names = record.reasons if len(record.reasons) <= 3 else ()
        return [str(record.code), *self.dotless(record), *(self.reasons[name].short for name in names)]

    def dotless(self, code: Code) -> list[str]:
        """Return an enhanced status code as people type it on a phone, 511, unless that is a code of its own."""
        glued = str(code.code).replace(".", "")
        return [glued] if isinstance(code, Status) and glued not in self.codes else []

    def card_words(self) -> dict[str, str]:
        """Return the words on the cards that other sites show beside a link."""
        return dict(line.split("|", 1) for line in self.render("cards.j2").strip().split("\n") if line)

    def anatomy_classes(self, example: str) -> list[Line]:
        """Return what the first number of an enhanced status code can say."""
        known = [(str(number), family) for number, family in self.classes.items() if number != 3]
        return [
            Line(f"../codes/#c{name}", name, family.short, STYLES[family.severity], name == example[0])
            for name, family in known
        ]

    def anatomy_subjects(self, example: str) -> list[Line]:
        """Return what the second number of an enhanced status code can say."""
        own = f"X.{example.split('.')[1]}"
        return [
            Line(f"../codes/#{one.code.replace('.', '').lower()}", one.code, one.short, chosen=one.code == own)
            for one in self.subjects
        ]

    def anatomy_details(self, example: str) -> list[Line]:
        """Return what the third number can say after the first two; as many as there are subjects."""
        same = [name for name in self.codes if name.startswith(example[:4])]
        return [
            Line(f"../codes/{name}/", name, self.codes[name].short or "", chosen=name == example)
            for name in same[: len(self.subjects)]
        ]

    def acts(self, actor: str | None) -> list[Line]:
        """Return the reasons for which somebody must act first, as rows of a picture."""
        reasons = self.common(one for one in self.reasons.values() if one.actor == actor)
        return [Line(f"{one.name}/", "", one.title) for one in reasons]

    def find(self) -> list[dict[str, str]]:
        """Return what the field on the home page searches: it never asks a server.

        Where two rows fit as well, the first one is shown first.
        """
        severity = self.labels["severity"]
        families = [
            {
                "code": f"{number}xx",
                "title": family.title,
                "severity": STYLES[family.severity],
                "word": severity.word(family.severity),
                "url": f"codes/#c{number}",
            }
            for number, family in self.classes.items()
        ]
        subjects = [
            {"code": one.code, "title": one.title, "url": f"codes/#{one.code.replace('.', '').lower()}"}
            for one in self.subjects
        ]
        bounces = [{"title": one.title, "url": f"bounces/{one.name}/"} for one in self.bounces]
        servers = [
            {"title": title, "words": "|".join(synonyms(self.language, name)), "url": f"servers/{name}/"}
            for name, title in server_names().items()
            if name in self.rows_by_server()
        ]
        both = {"title": self.heading("soft-and-hard"), "url": "soft-and-hard/"}
        return [
            *families,
            *map(self.find_code, self.codes.values()),
            *map(self.find_reason, self.common(self.reasons.values())),
            *bounces,
            both,
            *self.find_unread(),
            *servers,
            *subjects,
        ]

    def find_unread(self) -> list[dict[str, str]]:
        """Return where the field leads with the subject of a bounce, which gives no reason."""
        said = "|".join(map(folded, BOUNCES.get(self.language, SUBJECTS).split("|")))
        titles = {"questions/#sender": NEXT.get(self.language, ""), "reasons/": self.text("Why mail comes back")}
        return [{"title": title, "said": said, "url": url} for url, title in titles.items() if title]

    def find_code(self, code: Code) -> dict[str, str]:
        """Return how the field finds a code, and what it shows."""
        row = {"code": str(code.code), "title": code.title, "severity": STYLES[code.severity]}
        words = "" if code.title == code.short else code.short or ""
        word = code.label("severity" if code.severity else "standing")
        return {**row, "word": word, "words": words, "url": f"codes/{code.code}/"}

    def find_reason(self, reason: Reason) -> dict[str, str]:
        """Return how the field finds a reason: by words for it, and by what servers say."""
        english = smtpcodes.reason(reason.name)
        words = (reason.short, english.title, english.short, *synonyms(self.language, reason.name))
        said = "|".join(fragments(reason.name, self.language))
        return {
            "title": reason.title,
            "words": "|".join(dict.fromkeys(words)),
            "said": said,
            "url": f"reasons/{reason.name}/",
        }

    def heading(self, name: str) -> str:
        """Return the heading of a hand-written page."""
        text = (ROOT / "docs" / self.language / f"{name}.md").read_text(encoding="utf-8")
        return next(line[2:] for line in text.splitlines() if line.startswith("# "))


def environment(translations: gettext.NullTranslations) -> Environment:
    """Return the template engine with its filters; a name that a template misspells is an error."""
    result = Environment(
        loader=FileSystemLoader(ROOT / "tools" / "templates"),
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    result.install_gettext_translations(translations, newstyle=True)  # type: ignore[attr-defined]
    result.filters.update(
        md=markdown, cell=cell, rich=rich, said=said, capital=capital, json=quoted, style=STYLES.__getitem__
    )
    result.globals.update(
        ICONS=ICONS,
        ROLES=ROLES,
        Group=Group,
        actors=diagrams.actors,
        anatomy=diagrams.anatomy,
        describe=description,
        digit=digit,
        icon=pictures.icon,
        life=pictures.life,
        session=pictures.session,
        reference_url=reference_url,
        reference_parts=reference_parts,
        repository=load()["repository"],
        server_names=server_names(),
        official={server.name: server.official for server in smtpcodes.servers()},
        site=site(),
        site_path=urlsplit(site()).path,
        languages=languages(),
    )
    return result


def catalogue(language: str) -> gettext.NullTranslations:
    """Return the translations of the words in the templates: the same catalogue that the records use."""
    if language == "en":
        return gettext.NullTranslations()
    return gettext.translation(smtpcodes.DOMAIN, smtpcodes.LOCALES_DIR, [language])


# Pages


def pages(book: Book) -> Iterator[tuple[str, str]]:
    """Yield the generated files of a language: the path below docs/<language>/, and the text."""
    for name, code in book.codes.items():
        yield f"codes/{name}.md", book.render("reply.md.j2" if isinstance(code, Reply) else "status.md.j2", code=code)
    for name, reason in book.reasons.items():
        yield f"reasons/{name}.md", book.render("reason.md.j2", reason=reason)
    for bounce in book.bounces:
        yield f"bounces/{bounce.name}.md", book.render("bounce.md.j2", bounce=bounce)
    for name, rows in book.rows_by_server().items():
        yield f"servers/{name}.md", book.render("server.md.j2", name=name, rows=rows)
    yield "servers/index.md", book.render("servers.md.j2")
    yield "codes/index.md", book.render("codes.md.j2")
    yield "reasons/index.md", book.render("reasons.md.j2")
    yield "codes/find.json", json.dumps(book.find(), ensure_ascii=False, separators=(",", ":")) + "\n"


def snippets(book: Book) -> Iterator[tuple[str, str]]:
    """Yield the pieces that hand-written pages include: pictures, the field and the map, with links for their page.

    `session`, `anatomy` and `life` are for a page beside index.md, `find` and `map` for index.md itself.
    """
    for name in ("session", "anatomy", "life", "find", "map"):
        yield f"{name}.html", book.render(f"{name}.html.j2")


def root_pages(books: Iterable[Book]) -> Iterator[tuple[str, str]]:
    """Yield the pages above the languages: the choice of one, and the page for an address that does not exist."""
    all_books = list(books)
    for name in ("index.html", "404.html"):
        parts = [book.render(f"root-{name}.j2") for book in all_books]
        yield name, all_books[0].render("root.html.j2", parts=parts, missing=name == "404.html")


def words_used() -> set[str]:
    """Return the English of every word that the templates show: what translators translate is what readers read."""
    seen: set[str] = set()

    class Recorder(gettext.NullTranslations):
        def gettext(self, message: str) -> str:
            seen.add(message)
            return message

        def pgettext(self, context: str, message: str) -> str:
            seen.add(message)
            return message

    books = [Book(language, Recorder()) for language in languages()]
    for book in books:
        book.card_words()
        for _ in (*pages(book), *snippets(book)):
            pass
    list(root_pages(books))
    return seen


# Files


def write(folder: Path, files: Iterable[tuple[str, str]]) -> int:
    """Write the files that differ, delete others in the same folders, and return how many changed.

    The engine would build a page that is no longer written, and nobody would notice.
    """
    names, changed = set(), 0
    for name, text in files:
        path = folder / name
        names.add(path)
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            changed += 1
        progress(f"{folder.name}: {len(names)} pages")
    for parent in {path.parent for path in names}:
        for path in parent.iterdir():
            if path.is_file() and path not in names:
                path.unlink()
                changed += 1
    return changed


def progress(text: str) -> None:
    """Show how far it is, on a terminal only: a log needs the result alone."""
    if sys.stderr.isatty():
        print(f"\r{text:<40}", end="", file=sys.stderr, flush=True)


def write_language(book: Book) -> int:
    """Write the pages and snippets of a language and return how many pages changed."""
    changed = write(ROOT / "docs" / book.language, pages(book))
    write(ROOT / SNIPPETS / book.language, snippets(book))
    progress("")
    return changed


def main() -> int:
    """Write the pages of every language and say what changed."""
    for language in languages():
        changed = write_language(Book(language))
        print(f"docs/{language}: {changed} of the generated pages changed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
