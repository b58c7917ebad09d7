"""Explain what a server said: take the texts and the answers that go with what decided.

The compiler has worked them out; here they are only chosen.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from smtpcodes import _details, _languages, _records
from smtpcodes._evidence import Evidence, Rows, known_status
from smtpcodes._explanation import TEXTS, Explanation
from smtpcodes._model import Answers, Note, Status
from smtpcodes._reader import Reading, read

__all__ = ["Explainer", "explain", "explain_exception", "explain_message"]

Language = str | Iterable[str] | None
Mode = Literal["queued", "unqueued", "final"]

_SEVERITY = {2: "positive", 3: "intermediate", 4: "transient", 5: "permanent"}
_ANSWERS = ("bounce", "suppress", "retry", "actor")
# What the action of a report makes of a class: somebody still tries, nobody does, or the message has gone on.
_CLASS_OF: dict[str | None, dict[int, int]] = {
    "delayed": {0: 4, 2: 4, 3: 4, 5: 4},
    "failed": {2: 5, 3: 5},
    **{action: {0: 2, 3: 2, 4: 2, 5: 2} for action in ("delivered", "relayed", "expanded")},
}


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
        self._rows = Rows(data, self._rules)

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
                Evidence("exception", one.kind, one.reason) if one.reason else None,
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
        self, reading: Reading, lang: Language, mode: Mode, given: Evidence | None = None, **found: Any
    ) -> Explanation:
        code, status = reading.code, reading.status
        digit = code // 100 if code else int(status[0]) if status else 0
        said = digit
        digit = _CLASS_OF.get(found.get("action"), {}).get(digit, digit)
        server, evidence, folded, words = self._rows.decide(reading, digit)
        evidence = given or evidence
        if said != digit and 2 in (said, digit) and evidence.kind in ("reply", "status", "subject"):
            evidence = Evidence("class", str(digit))  # the texts of the code would say the contrary
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

    # What is said

    def _chosen(self, evidence: Evidence, digit: int, mode: Mode, remark: str, language: str) -> dict[str, Any]:
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

    def _said(self, evidence: Evidence, digit: int, mode: Mode) -> dict[str, Any]:
        kind, name, reason = evidence.kind, evidence.name, evidence.reason
        family = {one.code: one for one in _records.classes()}
        known: Any = known_status(name) if kind == "status" else _records.get(int(name)) if kind == "reply" else None
        if known is not None and known.severity == _SEVERITY.get(digit):
            fields = _of_record(known)
        elif reason is not None:
            number = str(digit if digit in (4, 5) else 0)
            fields = dict(self._data["reasons"][reason][number])
            if kind == "diagnostic":
                fields |= self._data["rows"].get(name, {}).get(number, {})
            elif kind == "exception":
                fields |= self._data["exceptions"][reason]
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
        if digit == 4 and fields["retry"] is None and kind != "rule":
            fields["retry"] = "automatic"  # a queue tries again, whatever the reason is
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

    def _page(self, evidence: Evidence) -> str:
        """Return the part of the site's address that says most about this evidence."""
        if evidence.kind == "diagnostic":
            return "servers/" + evidence.name.replace("/", "#")
        if evidence.kind in ("status", "reply"):
            known = known_status(evidence.name) if evidence.kind == "status" else _records.get(int(evidence.name))
            if known is not None:
                return f"codes/{known.codes[-1] if isinstance(known, Status) and known.code[0] == 'X' else known.code}"
        return f"reasons/{evidence.reason}" if evidence.reason else ""


def _of_record(record: Any) -> dict[str, Any]:
    """Return texts and answers of a reply, a status or a class."""
    names = (*TEXTS, "references", *(_ANSWERS if isinstance(record, Answers) else ()))
    return {name: getattr(record, name) for name in names}


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
