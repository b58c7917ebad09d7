"""Find which of many literal fragments stand in a text, in a time that hardly depends on how many there are.

Each fragment is filed under the rarest pair of its words. A text is cut into words once; only fragments filed under
one of its pairs, or words, are looked at. A fragment matches from the beginning of a word, and as a rule to the end
of one, without regard to case, accents and white space.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Set
from itertools import pairwise
from typing import Any, Generic, NamedTuple, TypeVar

__all__ = ["Entry", "Fragments", "behind", "fold", "stands", "words_of"]

T = TypeVar("T")
_Key = str | tuple[str, str]


class Entry(NamedTuple, Generic[T]):
    """A fragment, what it begins and ends with (a letter, a digit or something else), and what it stands for."""

    fragment: str
    first: str
    last: str
    values: tuple[T, ...]


# Only letters make words: `OFR006` has one.
_LETTERS = "".join(letter if letter.islower() else " " for letter in map(chr, range(128)))
_WORD = re.compile(r"[^\W\d_]+")
# Scripts that put no space between words: there two letters count as a word.
_UNSPACED = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u1100-\u11ff"
_UNSPACED_PAIR = re.compile(f"(?=([{_UNSPACED}]{{2}}))")
_IS_UNSPACED = re.compile(f"[{_UNSPACED}]")
# What may stand between two words that belong together: `user "anna" unknown`.
_CLOSING = " '\"()<>[]"
# How far before a fragment such a word is looked for, so that a long text takes no longer than its length.
_REACH = 160
_QUOTES = str.maketrans("‘’‚‛´`“”„‟\u00a0\u3000，。：；！", "''''''\"\"\"\"  ,.:;!")


def fold(text: str) -> str:
    """Return a text in the form in which fragments are compared: lower case, no accents, single spaces."""
    if text.isascii():
        text = text.lower()
    else:
        import unicodedata

        text = unicodedata.normalize("NFKD", text.translate(_QUOTES).casefold())
        if not text.isascii():
            text = "".join([letter for letter in text if not unicodedata.combining(letter)])
    if "`" in text:
        text = text.replace("`", "'")
    if "_" in text:
        text = text.replace("_", " ")
    return " ".join(text.split())


def words_of(folded: str) -> list[str]:
    """Return the words of a text in order; where letters stand without spaces, each two of them behind the others."""
    if folded.isascii():
        return folded.translate(_LETTERS).split()
    return [*_WORD.findall(folded), *_UNSPACED_PAIR.findall(folded)]


def _keys(folded: str) -> list[_Key]:
    """Return what a text must have if this fragment stands in it: pairs of words if there are two, else a word."""
    if unspaced := _UNSPACED_PAIR.findall(folded):
        return unspaced
    words = [word for word in _WORD.findall(folded) if not _IS_UNSPACED.search(word)]
    if _is_prefix(folded) and folded[-1].isalpha() and len(words) > 1:
        words.pop()
    return list(pairwise(words)) or list(words)


def _is_prefix(folded: str) -> bool:
    """Tell whether a fragment may end inside a word: four words or more, or a label such as `AUP#In-11`."""
    return folded[-1].isdigit() or folded.count(" ") > 2 or ("#" in folded and folded[-1].isalpha())


class Fragments(Generic[T]):
    """An index of fragments with what each of them stands for."""

    def __init__(self, fragments: Iterable[tuple[str, T]]) -> None:
        collected: dict[str, list[T]] = {}
        for fragment, value in fragments:
            collected.setdefault(fold(fragment), []).append(value)
        keys = {fragment: found for fragment in collected if (found := _keys(fragment))}
        common = Counter(key for found in keys.values() for key in set(found))
        # The fragments under a pair of words: by the first, then by the second; under a single word: behind "".
        self._index: dict[str, dict[str, list[Entry[T]]]] = {}
        for fragment, found in keys.items():
            key = min(found, key=lambda one: (common[one], -len("".join(one))))
            first, second = ("", key) if isinstance(key, str) else key
            last = "" if _is_prefix(fragment) else _kind(fragment[-1])
            entry = Entry(fragment, _kind(fragment[0]), last, tuple(collected[fragment]))
            self._index.setdefault(first, {}).setdefault(second, []).append(entry)
        self._alone = self._index.pop("", {})

    def find(self, words: list[str], each: Set[str]) -> list[Entry[T]]:
        """Return the fragments that may stand in a text with these words; `stands` tells which do.

        each: the same words without order.
        """
        found = [entry for word in self._alone.keys() & each for entry in self._alone[word]]
        seen = set()
        before = ""
        for word in words:
            after = self._index.get(before)
            if after is not None and word in after and (pair := after[word])[0].fragment not in seen:
                seen.add(pair[0].fragment)
                found += pair
            before = word
        return found


def stands(entry: Entry[Any], text: str) -> bool:
    """Tell whether a fragment stands in a folded text, on whole words."""
    fragment, first, last, _ = entry
    start = text.find(fragment)
    while start >= 0:
        end = start + len(fragment)
        inside = first and start and _kind(text[start - 1]) == first
        if not inside and not (last and end < len(text) and _kind(text[end]) == last):
            return True
        start = text.find(fragment, start + 1)
    return False


def behind(entry: Entry[Any], text: str, heads: tuple[str, ...], apart: bool = False) -> str | None:
    """Return a head and the fragment, if the fragment stands right behind that head in a folded text, on whole words.

    heads: the longest first; so the longest counts. apart: there is one more word in between, whatever it is.
    """
    fragment, _, last, _ = entry
    longest = ""
    start = text.find(fragment)
    while start >= 0:
        begin, end = max(0, start - _REACH), start + len(fragment)
        before = text[begin:start].rstrip(_CLOSING)
        if apart:
            before = before.rpartition(" ")[0].rstrip(_CLOSING)
        if before.endswith(heads) and not (last and end < len(text) and _kind(text[end]) == last):
            head = next(one for one in heads if before.endswith(one))
            place = len(before) - len(head)
            inside = place and _kind(before[place - 1]) == (_kind(head[0]) or None)
            if not inside and len(head) > len(longest):
                longest = head
        start = text.find(fragment, start + 1)
    space = " " if _kind(fragment[0]) else ""
    return f"{longest}{space}{fragment}" if longest else None


def _kind(letter: str) -> str:
    if letter.isdigit():
        return "digit"
    return "letter" if letter.isalpha() and (letter < "\u0e00" or not _IS_UNSPACED.match(letter)) else ""
