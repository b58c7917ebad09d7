"""Explain what a server said: find the reason, and take the texts that go with it.

The order of evidence: a row of the diagnostics (the longest fragment wins), a phrase, the enhanced status code, the
reply code, the class. Texts and answers were worked out by the compiler; here they are only chosen.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any, Literal, NamedTuple

from smtpcodes import _details, _languages, _records
from smtpcodes._explanation import TEXTS, Explanation
from smtpcodes._matching import Entry, Fragments, behind, fold, stands, words_of
from smtpcodes._model import Answers, Note, Status
from smtpcodes._reader import Reading, read

__all__ = ["Explainer", "explain", "explain_exception", "explain_message"]

Language = str | Iterable[str] | None
Mode = Literal["queued", "unqueued", "final"]

LONG = 20
"""From this length on, a fragment is telling enough to count where a row's codes or server differ."""

UNSIGNED = 30
"""From this length on, a fragment shows by itself which server it is."""

_STRANGEST = 2
# How much may stand between a fragment and the words it needs.
_BETWEEN = 4
_GIVEN_UP = ": retry timeout exceeded"
_SENDING_SIDE = (
    *(
        "helo",
        "ehlo",
        "client host",
        "your ip",
        "sending ip",
        "connecting ip",
        "ip address",
        "reverse dns",
        "your domain",
    ),
    *(
        "sending from",
        "spam from",
        "forged sender",
        "sender mailbox",
        "sending mailbox",
        "sender is",
        "reply-to",
        "list-unsubscribe",
    ),
)
_OTHER_SIDE = (
    ("in reply to mail from", "sender_rejected"),
    ("verification failed for", "sender_rejected"),  # Exim says so of senders only
    ("the sender address", "sender_rejected"),
    ("return email domain", "sender_rejected"),
    ("refused to talk to me", "policy"),
    ("in reply to helo", "policy"),
    ("in reply to ehlo", "policy"),
)
# Answers to AUTH only: whoever is unknown there wants to send (RFC 4954 section 6).
_SIGNING_IN = (534, 535, 538)
_SENDER_SYNTAX = ".1.7"  # bad syntax too, but of the sender's address (RFC 3463 section 3.2)
_IN_BRACKETS = re.compile(r"<[^<>\s]{0,64}>")
_SEVERITY = {2: "positive", 3: "intermediate", 4: "transient", 5: "permanent"}
_ANSWERS = ("bounce", "suppress", "retry", "actor")
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


class _Evidence(NamedTuple):
    """What decided: where the texts come from."""

    kind: str
    name: str
    reason: str | None = None
    server: str | None = None


class Explainer:
    """Explain replies, exceptions and bounce messages, with an app's own rows first.

    rules: mappings like the `diagnostics` of codes/smtp.yaml: `id`, `match` (literal fragments) and `reason`, and where
    wanted `server`, `signs`, `replies`, `statuses`, answers and texts of their own. They win over everything else.
    Raises ValueError for a row that is wrong: which one, and what was expected.
    """

    def __init__(self, rules: Iterable[Mapping[str, Any]] | None = None) -> None:
        from smtpcodes._rules import checked

        data = _records.load("explain")
        self._rules = checked(rules or (), data["reasons"])
        self._own = {rule["id"]: rule for rule in self._rules}
        self._data = data
        self._fields: dict[tuple[Any, ...], dict[str, Any]] = {}
        self._bad_address = {name for name, one in data["reasons"].items() if one["5"]["suppress"]}
        self._signed = {server["name"] for server in data["servers"] if server["signs"]}
        self._signed |= {rule["server"] for rule in self._rules if rule.get("server") and rule.get("signs")}
        entries = list(self._entries())
        self._fragments = Fragments(entries)
        self._signs = {fold(fragment) for fragment, row in entries if row.kind == "sign"}

    def __reduce__(self) -> tuple[type[Explainer], tuple[Any, ...]]:
        return type(self), (self._rules,)

    def explain(self, reply: object, lang: Language = None) -> Explanation:
        """Explain a reply: str, bytes, or a pair of code and text. Never raises for what a server says.

        lang: `nl`, `nl_BE`, an Accept-Language header, or a list of these in order of preference.
        """
        return self._explained(read(reply), lang, "queued")

    def explain_exception(self, error: object, lang: Language = None) -> tuple[Explanation, ...]:
        """Explain an exception of smtplib or aiosmtplib, or what `sendmail()` returns: one for each recipient.

        No queue has the message here: `outcome` and `retry` say so.
        """
        from smtpcodes._exceptions import refusals

        return tuple(
            self._explained(
                one.reading,
                lang,
                "unqueued",
                _Evidence("exception", one.kind, one.reason) if one.reason else None,
                recipient=one.recipient,
            )
            for one in refusals(error)
        )

    def explain_message(self, message: object, lang: Language = None) -> tuple[Explanation, ...]:
        """Explain a bounce message: an `email.message.Message`, or bytes. One explanation for each recipient.

        A message that is not a bounce gives an empty tuple. Never raises for what is in a message.
        """
        from smtpcodes._messages import reports

        return tuple(
            self._explained(
                one.reading,
                lang,
                "queued" if one.action == "delayed" else "final" if one.action == "failed" else "unqueued",
                recipient=one.recipient,
                original_recipient=one.original_recipient,
                action=one.action,
                remote=one.remote,
            )
            for one in reports(message)
        )

    def _explained(
        self, reading: Reading, lang: Language, mode: Mode, given: _Evidence | None = None, **found: Any
    ) -> Explanation:
        code, status = reading.code, reading.status
        digit = code // 100 if code else int(status[0]) if status else 0
        if found.get("action") == "delayed" and digit == 5:
            digit = 4
        server, evidence, folded, words = self._evidence(reading, digit)
        evidence = given or evidence
        remark = ""
        if code and status and int(status[0]) != code // 100:
            remark = "contradiction"
        elif mode == "final" and digit == 4:
            remark = "given_up"
        elif evidence.kind == "subject":
            remark = "unknown_detail"
        language = _languages.choose(lang)
        fields = self._fields.get(key := (evidence.kind, evidence.name, evidence.reason, digit, mode, remark, language))
        if fields is None:
            fields = self._fields[key] = self._chosen(evidence, digit, mode, remark, language)
        return Explanation(
            **fields,
            code=code,
            status=status,
            text=reading.words,
            server=server,
            retry_after=_details.retry_after(folded, words) if digit in (0, 4) else None,
            blocklist=_details.blocklist(reading.words, folded, words) if digit not in (2, 3) else None,
            **found,
        )

    # What decides

    def _evidence(self, reading: Reading, digit: int) -> tuple[str | None, _Evidence, str, set[str]]:
        """Return the server that shows, what decides, and the folded text with its words."""
        telling = fold(reading.telling)
        if digit in (2, 3):
            return None, _by_code(reading.code, reading.status, digit), telling, set()
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
        row, length = self._best(candidates, reading, servers, telling, bare)
        if row is None and len(reading.wrapper) > 8:
            wrapper = fold(reading.wrapper)
            row, length = self._best(candidates, reading, servers, wrapper, _closed_up(wrapper))
        if _GIVEN_UP in telling and row is not None and row.kind != "rule":
            # Exim says so behind what went wrong each time, which says more.
            cause, cause_bare = telling.partition(_GIVEN_UP)[0], bare.partition(_GIVEN_UP)[0]
            why, its_length = self._best(candidates, reading, servers, cause, cause_bare)
            if why is not None and _says_why(why):
                row, length = why, its_length
            elif (coded := _by_code(reading.code, reading.status, digit)).kind == "status" and _says_why(coded):
                row = None
        server = self._server(row, length, servers)
        if row is None or (row.weak and self._outweighed(reading, row)):
            evidence = _by_code(reading.code, reading.status, digit)
        else:
            evidence = _Evidence(row.kind, row.name, row.reason, row.server)
        if evidence.reason in self._bad_address and evidence.kind != "rule":
            if reading.code in _SIGNING_IN:
                evidence = _by_code(reading.code, None, digit)
            elif evidence.reason == "address_syntax" and (reading.status or "").endswith(_SENDER_SYNTAX):
                evidence = _by_code(None, reading.status, digit)
            evidence = _of_other_side(reading.whole) or evidence
        return server, evidence, telling, each

    def _best(
        self, candidates: list[Entry[_Row]], reading: Reading, servers: set[str], telling: str, bare: str
    ) -> tuple[_Row | None, int]:
        """Return the row that fits best, and how long its fragment is.

        A rule comes before a diagnostic, that before a phrase; then the longest fragment wins.
        """
        best: tuple[int, int, int, str] = (0, 0, 0, "")
        found: _Row | None = None
        longest = 0
        composed: list[tuple[Entry[_Row], _Row]] = []
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
                if kind == "phrase" and self._is_misplaced(row, bare, fragment):
                    continue
                best, found, longest = rank, row, length
        for entry, row in composed:
            fragment = entry.fragment
            if best[:2] >= (2, len(row.after[0]) + len(fragment) + _BETWEEN):
                continue
            words = behind(entry, bare, row.after)
            if words is None and row.reason == "user_unknown" and best[0] < 1:  # `User anna unknown`
                words, row = behind(entry, bare, row.after, apart=True), row._replace(weak=True)
            if words is None or self._is_misplaced(row, bare, fragment):
                continue
            if (rank := (0 if row.weak else 2, len(words), 0, words)) > best:
                best, found, longest = rank, row._replace(name=words), len(words)
        return found, longest

    def _is_misplaced(self, row: _Row, text: str, fragment: str) -> bool:
        """Tell whether a phrase blames the recipient where a text speaks of the sending server."""
        return row.reason in self._bad_address and _is_about_sender(text, fragment)

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
        status = _known_status(reading.status)
        if status is None or not status.reasons:
            return False
        return row.reason not in status.reasons and (len(status.reasons) == 1 or status.code[2:] not in _EMPTY_STATUSES)

    # What is said

    def _chosen(self, evidence: _Evidence, digit: int, mode: Mode, remark: str, language: str) -> dict[str, Any]:
        """Return the fields that all explanations with this evidence share; they are made once for each language."""
        fields = self._said(evidence, digit, mode)
        notes = fields.pop("notes")
        if remark:
            notes = [self._data["remarks"][remark], *notes]
        fields["notes"] = tuple(Note(**note) if isinstance(note, dict) else note for note in notes)
        fields = {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}
        words = f"{evidence.kind} {evidence.name}".strip()
        english = Explanation(
            **fields,
            severity=_SEVERITY.get(digit),  # type: ignore[arg-type]
            reason=evidence.reason,
            evidence=words,
            queued=mode == "queued",
            _page=self._page(evidence),
        )
        chosen = english.localized(language)
        names = (
            *TEXTS,
            *_ANSWERS,
            "references",
            "severity",
            "reason",
            "evidence",
            "queued",
            "language",
            "_page",
            "_english",
        )
        return {name: getattr(chosen, name) for name in names}

    def _said(self, evidence: _Evidence, digit: int, mode: Mode) -> dict[str, Any]:
        kind, name, reason = evidence.kind, evidence.name, evidence.reason
        family = {one.code: one for one in _records.classes()}
        known: Any = _known_status(name) if kind == "status" else _records.get(int(name)) if kind == "reply" else None
        if known is not None and known.severity == _SEVERITY.get(digit):
            fields = _of_record(known)
        elif reason is not None:
            number = str(digit if digit in (4, 5) else 0)
            fields = dict(self._data["reasons"][reason][number])
            if kind == "diagnostic":
                fields |= self._data["rows"].get(name, {}).get(number, {})
            elif kind == "rule":
                fields |= self._of_rule(self._own[name], fields)
            if known is not None:
                fields |= {"title": known.title, "short": known.short, "meaning": known.meaning}
        elif digit not in family:
            fields = dict(self._data["unrecognized"])
        else:
            fields = _of_record(family[digit])
            fields |= _answers(digit)
            if kind in ("subject", "status"):
                about: Any = known or next(one for one in _records.subjects() if one.code == name)
                fields |= {
                    "title": about.title,
                    "short": about.short,
                    "meaning": about.meaning,
                    "references": about.references,
                }
                if known is not None and digit in (4, 5):
                    fields |= self._agreed(known.reasons, digit)
        if mode != "queued":
            if fields["retry"] == "automatic":
                fields["retry"] = "later"
            if mode == "final":
                fields["bounce"] = "hard"
                if digit in (0, 4):
                    fields["outcome"] = family[5].outcome
            else:
                fields["outcome"] = fields["outcome_unqueued"] or fields["outcome"]
                fields["bounce"] = fields["bounce"] or "none"
            if digit == 4 and reason is None:
                # The advice of class 4 is to leave it to the queue. There is none: what is left is to read the text.
                twin: Any = _records.get(f"5{name[1:]}") if kind == "status" else None
                given_up = twin if twin is not None else family[5]
                read_it = family[4].for_sender_admin
                fields["for_sender"] = given_up.for_sender if mode == "final" else read_it
                fields["for_sender_admin"] = given_up.for_sender_admin if mode == "final" else read_it
        return fields

    def _agreed(self, reasons: Iterable[str], digit: int) -> dict[str, Any]:
        """Return the answers that all of these reasons share in a class."""
        each = [self._data["reasons"][reason][str(digit)] for reason in reasons]
        return {name: each[0][name] for name in _ANSWERS if each and all(one[name] == each[0][name] for one in each)}

    def _of_rule(self, rule: dict[str, Any], reason: dict[str, Any]) -> dict[str, Any]:
        """Return what an app's own rule says on top of its reason."""
        written = {name: rule[name] for name in (*TEXTS, *_ANSWERS) if name in rule}
        written |= {name: None for name in _ANSWERS if written.get(name) == "unknown"}
        if "notes" in written:
            written["notes"] = [*written["notes"], *reason["notes"]]
        return {**written, "references": [rule["source"]]} if "source" in rule else written

    def _page(self, evidence: _Evidence) -> str:
        """Return the part of the site's address that says most about this evidence."""
        if evidence.kind == "diagnostic":
            return "servers/" + evidence.name.replace("/", "#")
        if evidence.kind in ("status", "reply"):
            known = _known_status(evidence.name) if evidence.kind == "status" else _records.get(int(evidence.name))
            if known is not None:
                return f"codes/{known.codes[-1] if isinstance(known, Status) and known.code[0] == 'X' else known.code}"
        return f"reasons/{evidence.reason}" if evidence.reason else ""

    # What is known

    def _entries(self) -> Iterable[tuple[str, _Row]]:
        for server in self._data["servers"]:
            for sign in server["signs"]:
                yield sign, _Row("sign", server["name"])
        for rule in self._rules:
            if "server" in rule:
                for sign in rule.get("signs", ()):
                    yield sign, _Row("sign", rule["server"])
        for kind, rows in (("rule", self._rules), ("diagnostic", self._data["diagnostics"])):
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
        for phrase in self._data["phrases"]:
            space = "" if phrase["language"] in ("zh", "ja") else " "
            words = product(*phrase["after"]) if "after" in phrase else ()
            heads = (fold(space.join(filter(None, one))) for one in words)
            after = tuple(sorted(heads, key=len, reverse=True))
            for fragment in phrase["match"]:
                yield fragment, _Row("phrase", fragment, phrase["reason"], weak=phrase.get("weak", False), after=after)


@functools.lru_cache(maxsize=4096)
def _by_code(code: int | None, status: str | None, digit: int) -> _Evidence:
    """Return what the codes alone say."""
    reply = _records.get(code) if code else None
    known = _known_status(status)
    if known is not None and status and (digit in (4, 5) or status[0] == str(digit)):
        only = known.reasons[0] if len(known.reasons) == 1 else None
        vague = status[2:] in _EMPTY_STATUSES and only is None
        if not (vague and reply is not None and len(reply.reasons) == 1):
            return _Evidence("status", status, only)
    if reply is not None and len(reply.reasons) == 1 and digit in (4, 5):
        return _Evidence("reply", str(code), reply.reasons[0])
    if status and known is None and "0" <= status[2] <= "7" and status[3] == ".":
        return _Evidence("subject", f"X.{status[2]}")
    if reply is not None:
        return _Evidence("reply", str(code))
    return _Evidence("class", str(digit)) if digit else _Evidence("nothing", "")


def _of_other_side(whole: str) -> _Evidence | None:
    """Return what decides where a server cannot have spoken of the recipient, whom it did not know yet."""
    folded = fold(whole)
    for words, reason in _OTHER_SIDE:
        if words in folded:
            return _Evidence("phrase", words, reason)
    return None


def _is_about_sender(text: str, fragment: str) -> bool:
    """Tell whether a text speaks of the sending server before it says that something does not exist."""
    place = text.find(fragment)
    return any(0 <= text.find(one) < place for one in _SENDING_SIDE)


def _says_why(found: _Row | _Evidence) -> bool:
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


def _of_record(record: Any) -> dict[str, Any]:
    """Return texts and answers of a reply, a status or a class."""
    names = (*TEXTS, "references", *(_ANSWERS if isinstance(record, Answers) else ()))
    return {name: getattr(record, name) for name in names}


def _known_status(status: str | None) -> Status | None:
    """Return the record of an enhanced status code, or of its pattern if it exists in another class only."""
    if status is None:
        return None
    found = _records.get(status)
    if found is None:
        found = _records.get("X" + status[1:])
    return found if isinstance(found, Status) else None


def _answers(digit: int) -> dict[str, Any]:
    """Return what the class alone answers."""
    if digit == 4:
        return {"bounce": "soft", "suppress": False, "retry": "automatic", "actor": None}
    if digit == 5:
        return {"bounce": "hard", "suppress": None, "retry": None, "actor": None}
    return {"bounce": "none", "suppress": False, "retry": None, "actor": "nobody"}


@functools.cache
def _default() -> Explainer:
    return Explainer()


def explain(reply: object, lang: Language = None) -> Explanation:
    """Explain a reply: str, bytes, or a pair of code and text as smtplib gives. Never raises for what a server says.

    lang: `nl`, `nl_BE`, an Accept-Language header, or a list of these in order of preference; English otherwise.
    """
    return _default().explain(reply, lang)


def explain_exception(error: object, lang: Language = None) -> tuple[Explanation, ...]:
    """Explain an exception of smtplib or aiosmtplib, or what `sendmail()` returns: one for each recipient.

    No queue has the message here: `outcome` and `retry` say so. Never raises for what a server says.
    """
    return _default().explain_exception(error, lang)


def explain_message(message: object, lang: Language = None) -> tuple[Explanation, ...]:
    """Explain a bounce message, an `email.message.Message` or bytes: one explanation for each recipient.

    A message that is not a bounce gives an empty tuple. Never raises for what is in a message.
    """
    return _default().explain_message(message, lang)
