"""Find what decides what a reply means, and which server said it.

The order of evidence: a row of the diagnostics (the longest fragment wins), a phrase, the enhanced status code, the
reply code, the class.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any, Literal, NamedTuple

from smtpcodes import _records
from smtpcodes._matching import Entry, Fragments, behind, fold, stands, words_of
from smtpcodes._model import Status
from smtpcodes._reader import Reading

__all__ = ["Evidence", "Found", "Rows", "known_status"]

LONG = 20
"""From this length on, a fragment is telling enough to count where a row's codes or server differ."""

UNSIGNED = 30
"""From this length on, a fragment shows by itself which server it is."""

_STRANGEST = 2
# Exim and qmail say so behind what went wrong each time, which says more.
_GIVEN_UP = (": retry timeout exceeded", "i'm not going to try again")
_SENDING_SIDE = (
    *("client host", "your ip", "sending ip", "connecting ip", "reverse dns", "your domain", "sending from"),
    *("sending account", "sending mailbox", "spam from", "forged sender", "sender mailbox", "sender is"),
    *("reply-to", "list-unsubscribe", "return path", "return-path", "mail from domain"),
)
_SENDING_WORD = re.compile(r"(?<![a-z])(?:helo|ehlo|ptr)")
# Right behind the words that something does not exist: `domain not found for sender`.
_SENDERS_NEXT = (
    *(" for sender", " of sender", " (sender)", " (sender )", " (sender domain", " (sender address", " for outgoing"),
    *(" in message-id", " in the message-id", " in your from", " in your envelope", " in your sender", " header"),
)
# Postfix tries addresses out; what another server said then stands behind this, and is the reason.
_TRIED_OUT = ("recipient address rejected: undeliverable address: ", "recipient address rejected: unverified address: ")
_OTHER_SIDE = (
    ("in reply to mail from", "sender_rejected"),
    ("after mail from:<", "sender_rejected"),  # so Exim says where a server refused
    ("after pipelined mail from:<", "sender_rejected"),
    ("verification failed for", "sender_rejected"),  # Exim says so of senders only
    ("verification failed while checking", "sender_rejected"),
    ("the sender address", "sender_rejected"),
    ("return email domain", "sender_rejected"),
    ("refused to talk to me", "policy"),
    ("in reply to helo", "policy"),
    ("in reply to ehlo", "policy"),
    ("server after helo", "policy"),
    ("server after ehlo", "policy"),
    ("server after initial connection", "policy"),
)
# Answers to AUTH only: whoever is unknown there wants to send (RFC 4954 section 6).
_SIGNING_IN = (534, 535, 538)
_OF_SENDER = (".1.7", ".1.8")  # these speak of the sender's address (RFC 3463 section 3.2)
# `<anna@example.com>: not found` speaks of an addressee too, if the sentence ends there. Addresses are blotted out.
_ADDRESSEE = "addressee"
_ADDRESS_FIRST = re.compile(r"#?(?:[45]\.\d{1,3}\.\d{1,3})?[^\w\x01]{0,8}\x01+[>)\]'\"]{0,3}[ :.,;-]{1,6}")
_END = re.compile(r"\s*(?:$|[,.;!)(]|here\b|(?:in|on) (?:our|the|this)\b)")
_IN_BRACKETS = re.compile(r"<[^<>\s]{0,64}>")
# What these say is too little to outweigh a reply code that has one reason.
_EMPTY_STATUSES = ("0.0", "1.0", "2.0", "3.0", "4.0", "5.0", "6.0", "7.0")


class _Row(NamedTuple):
    """A sign of a server, a rule of the app, a row of the diagnostics, or a phrase."""

    kind: Literal["sign", "rule", "diagnostic", "phrase"]
    name: str
    reason: str = ""
    server: str | None = None
    replies: frozenset[int] = frozenset()
    statuses: frozenset[str] = frozenset()
    weak: bool = False
    after: tuple[str, ...] = ()
    near: frozenset[str] = frozenset()
    """The last word of each head in `after`: without one of them there is no need to look."""


class Evidence(NamedTuple):
    """What decided: where the texts come from."""

    kind: str
    name: str
    reason: str | None = None
    server: str | None = None


class Found(NamedTuple):
    """What was found in a reply: the server if it shows, what decides, and the folded text with its words."""

    server: str | None
    evidence: Evidence
    folded: str
    words: set[str]


class Rows:
    """Everything that is known to be said: signs of servers, an app's own rules, diagnostics and phrases.

    data: what the compiler made for `explain`; rules: the app's rows, checked.
    """

    def __init__(self, data: Mapping[str, Any], rules: Sequence[Mapping[str, Any]]) -> None:
        self._bad_address = {name for name, one in data["reasons"].items() if one["5"]["suppress"]}
        self._signed = {server["name"] for server in data["servers"] if server["signs"]}
        self._signed |= {rule["server"] for rule in rules if rule.get("server") and rule.get("signs")}
        entries = list(_entries(data, rules))
        self._fragments = Fragments(entries)
        self._signs = {fold(fragment) for fragment, row in entries if row.kind == "sign"}

    def decide(self, reading: Reading, digit: int) -> Found:
        """Find what decides what a reading means. digit: the class that counts, 0 if there is none."""
        telling = fold(reading.telling)
        if digit in (2, 3):
            return Found(None, _by_code(reading.code, reading.status, digit), telling, set())
        # What stands before a reply shows who answered; a code alone does not.
        whole = fold(reading.whole) if len(reading.wrapper) > 8 else telling
        if reading.bare is reading.telling:
            bare, words = _closed_up(telling), words_of(whole)
        else:
            bare = _closed_up(fold(reading.bare))
            words = words_of(whole) + words_of(bare)
        each = set(words)
        candidates = self._fragments.find(words, each)
        signs = [entry for entry in candidates if entry.fragment in self._signs and stands(entry, whole)]
        servers = {row.name for entry in signs for row in entry.values if row.kind == "sign"}
        best = functools.partial(self._best, candidates, reading, servers, each)
        row, length = best(telling, bare)
        if row is None and len(reading.wrapper) > 8:
            wrapper = fold(reading.wrapper)
            row, length = best(wrapper, _closed_up(wrapper))
        if row is not None and row.kind != "rule":
            if words_between := _first_of(_GIVEN_UP, telling):
                why = best(telling.partition(words_between)[0], bare.partition(words_between)[0])
                if why[0] is not None and _says_why(why[0]):
                    row, length = why
                elif (coded := _by_code(reading.code, reading.status, digit)).kind == "status" and _says_why(coded):
                    row = None
            if words_between := _first_of(_TRIED_OUT, telling):
                why = best(telling.partition(words_between)[2], bare.partition(words_between)[2])
                row, length = why if why[0] is not None else (row, length)
        server = self._server(row, length, servers)
        if row is None or (row.weak and self._outweighed(reading, row)):
            evidence = _by_code(reading.code, reading.status, digit)
        else:
            evidence = Evidence(row.kind, row.name, row.reason, row.server)
        if evidence.reason in self._bad_address and evidence.kind != "rule":
            if reading.code in _SIGNING_IN or (reading.code == 530 and (reading.status or "")[2:4] == "7."):
                evidence = _by_code(reading.code, reading.status, digit)
                if evidence.reason in self._bad_address:
                    evidence = _by_code(reading.code, None, digit)
            elif (reading.status or "").endswith(_OF_SENDER):
                evidence = _by_code(None, reading.status, digit)
            evidence = _of_other_side(reading.whole) or evidence
        return Found(server, evidence, telling, each)

    def _best(
        self,
        candidates: list[Entry[_Row]],
        reading: Reading,
        servers: set[str],
        words: set[str],
        telling: str,
        bare: str,
    ) -> tuple[_Row | None, int]:
        """Return the row that fits best, and how long its fragment is.

        A rule comes before a diagnostic, that before a phrase; then the longest fragment wins.
        """
        best: tuple[int, int, int, str] = (0, 0, 0, "")
        found: _Row | None = None
        longest = 0
        composed: list[tuple[Entry[_Row], _Row]] = []
        first = _ADDRESS_FIRST.match(telling)
        named = f"{_ADDRESSEE} {telling[first.end() :]}" if first else ""
        both = telling if bare is telling else f"{telling}\n{bare}"
        for entry in candidates:
            fragment = entry.fragment
            if fragment not in both:
                continue
            length = len(fragment)
            for row in entry.values:
                kind = row.kind
                if kind == "sign":
                    continue
                if row.after:
                    if not row.near.isdisjoint(words) or (first and _ADDRESSEE in row.near):
                        composed.append((entry, row))
                    continue
                if kind == "phrase":
                    # `policy` says only that there is a rule: any other reason says more.
                    rank = (0 if row.weak else 1 if row.reason == "policy" else 2, length, 0, row.name)
                else:
                    strange = self._strangeness(row, reading, servers)
                    if strange and (strange > _STRANGEST or length < LONG):
                        continue
                    stated = bool(row.replies) + bool(row.statuses) + 2 * (row.server in servers)
                    rank = (4 if kind == "rule" else 3, length - 10 * strange, stated, row.name)
                if rank <= best or not stands(entry, bare if kind == "phrase" else telling):
                    continue
                common = kind != "rule" and row.server not in self._signed
                if common and row.reason in self._bad_address and _is_about_sender(bare, fragment):
                    continue
                best, found, longest = rank, row, length
        for entry, row in composed:
            fragment = entry.fragment
            if best[:2] >= (2, len(row.after[0]) + 1 + len(fragment)):
                continue
            whole = behind(entry, bare, row.after)
            if whole is None and row.reason == "user_unknown" and best[0] < 1:  # `User anna unknown`
                row = row._replace(weak=True)
                whole = behind(entry, bare, row.after, apart=True)
                if whole is None and found is None and behind(entry, named, row.after) and _ends(named, fragment):
                    whole = fragment
            if whole is None:
                continue
            if row.reason in self._bad_address and _is_about_sender(bare, fragment):
                continue
            if (rank := (0 if row.weak else 2, len(whole), 0, whole)) > best:
                best, found, longest = rank, row._replace(name=whole), len(whole)
        return found, longest

    def _server(self, row: _Row | None, length: int, servers: set[str]) -> str | None:
        """Return the server that shows by its signs, or by words that only it uses."""
        server = row.server if row is not None else None
        if server in servers or (server in self._signed and length >= UNSIGNED):
            return server
        if len(servers) == 1:
            return next(iter(servers))
        return None if server in self._signed else server

    def _strangeness(self, row: _Row, reading: Reading, servers: set[str]) -> int:
        """Count how far a reply is from what the row states; 0 fits."""
        strange = 0
        if row.replies and reading.code and reading.code not in row.replies:
            strange += 1
        if row.statuses and reading.status and reading.status not in row.statuses:
            strange += 1
        if row.server in self._signed and row.server not in servers:
            strange += 2 if servers else 1
        return strange

    def _outweighed(self, reading: Reading, row: _Row) -> bool:
        """Tell whether the enhanced code says something else than vague words."""
        status = known_status(reading.status)
        if status is None or not status.reasons:
            return False
        return row.reason not in status.reasons and (len(status.reasons) == 1 or status.code[2:] not in _EMPTY_STATUSES)


def _entries(data: Mapping[str, Any], rules: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, _Row]]:
    """Yield every fragment with what it stands for."""
    for server in data["servers"]:
        for sign in server["signs"]:
            yield sign, _Row("sign", server["name"])
    for rule in rules:
        if "server" in rule:
            for sign in rule.get("signs", ()):
                yield sign, _Row("sign", rule["server"])
    for kind, rows in (("rule", rules), ("diagnostic", data["diagnostics"])):
        for row in rows:
            entry = _Row(
                kind,  # type: ignore[arg-type]
                row["id"],
                row["reason"],
                row.get("server"),
                frozenset(row.get("replies") or ()),
                frozenset(row.get("statuses") or ()),
            )
            for fragment in row["match"]:
                yield fragment, entry
    for phrase in data["phrases"]:
        space = "" if phrase["language"] in ("zh", "ja") else " "
        words = product(*phrase["after"]) if "after" in phrase else ()
        heads = (fold(space.join(filter(None, one))) for one in words)
        after = tuple(sorted(heads, key=len, reverse=True))
        near = frozenset(words_of(head)[-1] for head in after)
        row = _Row("phrase", "", phrase["reason"], weak=phrase.get("weak", False), after=after, near=near)
        for fragment in phrase["match"]:
            yield fragment, row._replace(name=fragment)


@functools.lru_cache(maxsize=4096)
def _by_code(code: int | None, status: str | None, digit: int) -> Evidence:
    """Return what the codes alone say."""
    reply = _records.get(code) if code else None
    known = known_status(status)
    if known is not None and status and (digit in (4, 5) or status[0] == str(digit)):
        only = known.reasons[0] if len(known.reasons) == 1 else None
        vague = status[2:] in _EMPTY_STATUSES and only is None
        if not (vague and reply is not None and len(reply.reasons) == 1):
            return Evidence("status", status, only)
    if reply is not None and len(reply.reasons) == 1 and digit in (4, 5):
        return Evidence("reply", str(code), reply.reasons[0])
    if status and known is None and "0" <= status[2] <= "7" and status[3] == ".":
        return Evidence("subject", f"X.{status[2]}")
    if reply is not None:
        return Evidence("reply", str(code))
    return Evidence("class", str(digit)) if digit else Evidence("nothing", "")


def _of_other_side(whole: str) -> Evidence | None:
    """Return what decides where a server cannot have spoken of the recipient, whom it did not know yet."""
    folded = fold(whole)
    for words, reason in _OTHER_SIDE:
        if words in folded:
            return Evidence("phrase", words, reason)
    return None


@functools.lru_cache(maxsize=16)
def _sending_side(text: str) -> int:
    """Return where a text begins to speak of the sending side, else its length."""
    places = [place for words in _SENDING_SIDE if (place := text.find(words)) >= 0]
    if word := _SENDING_WORD.search(text):
        places.append(word.start())
    return min(places, default=len(text))


def _is_about_sender(text: str, fragment: str) -> bool:
    """Tell whether a text speaks of the sending side where it says that something does not exist."""
    place = text.find(fragment)
    return place >= 0 and (_sending_side(text) < place or text.startswith(_SENDERS_NEXT, place + len(fragment)))


def _ends(text: str, fragment: str) -> bool:
    """Tell whether a sentence ends with this fragment."""
    return _END.match(text, text.find(fragment) + len(fragment)) is not None


def _first_of(phrases: tuple[str, ...], text: str) -> str | None:
    return next((one for one in phrases if one in text), None)


def _says_why(found: _Row | Evidence) -> bool:
    """Tell whether this says more than that a server gave up."""
    return found.reason not in ("connection_lost", "delivery_expired", None)


def _closed_up(folded: str) -> str:
    """Leave out what was blotted out, and a name in brackets: `user <anna> does not exist` is a phrase again."""
    if "\x01" in folded:
        folded = folded.replace("\x01", "")
        for part in ("()", "[]", '""', "''"):
            if part in folded:
                folded = folded.replace(part, "")
    elif "<" not in folded:
        return folded
    return " ".join(_IN_BRACKETS.sub("", folded).split())


def known_status(status: str | None) -> Status | None:
    """Return the record of an enhanced status code, or of its pattern if it exists in another class only."""
    if status is None:
        return None
    found = _records.get(status)
    if found is None:
        found = _records.get("X" + status[1:])
    return found if isinstance(found, Status) else None
