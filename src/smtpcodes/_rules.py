"""Check the rows that an app adds, and say which one is wrong and what was expected."""

from __future__ import annotations

import difflib
import re
from collections.abc import Container, Iterable, Mapping
from typing import Any

__all__ = ["ANSWERS", "checked"]

ANSWERS = ("bounce", "suppress", "retry", "actor")
_VALUES: dict[str, tuple[object, ...]] = {
    "bounce": ("none", "soft", "hard"),
    "suppress": (True, False, None, "unknown"),
    "retry": ("automatic", "later", "after_fix", "never", None, "unknown"),
    "actor": ("nobody", "sender", "sender_admin", "recipient", "recipient_admin", None, "unknown"),
}
_TEXTS = ("title", "short", "meaning", "outcome", "outcome_unqueued", "server", "source", "checked", "sample")
_LISTS = ("for_sender", "for_recipient", "for_sender_admin", "for_recipient_admin", "match", "signs")
_FIELDS = ("id", "reason", "replies", "statuses", "notes", "unofficial", *_TEXTS, *_LISTS, *ANSWERS)


def checked(rules: object, reasons: Container[str]) -> tuple[dict[str, Any], ...]:
    """Return copies of the rows; raise ValueError for the first mistake."""
    if isinstance(rules, Mapping | str | bytes) or not isinstance(rules, Iterable):
        raise ValueError(f"rules: expected a list of rows, found {_shown(rules)}")
    found: dict[str, dict[str, Any]] = {}
    for number, rule in enumerate(rules, 1):
        name = rule.get("id") if isinstance(rule, Mapping) else None
        try:
            row = _checked(rule, reasons)
            if row["id"] in found:
                raise ValueError("'id': another row has it already")
        except ValueError as error:
            raise ValueError(f"rule {number}{f' ({name})' if isinstance(name, str) else ''}: {error}") from None
        found[row["id"]] = row
    return tuple(found.values())


def _checked(rule: object, reasons: Container[str]) -> dict[str, Any]:
    if not isinstance(rule, Mapping):
        raise ValueError(f"expected a mapping, found {_shown(rule)}")
    for name in rule:
        if name not in _FIELDS:
            near = difflib.get_close_matches(str(name), _FIELDS, 1)
            raise ValueError(f"unknown field {name!r}{f', did you mean {near[0]!r}?' if near else ''}")
    for name in ("id", "match", "reason"):
        if name not in rule:
            raise ValueError(f"{name!r} is missing")
    row = dict(rule)
    _expect(row, "id", lambda value: isinstance(value, str) and value.strip() != "", "a text")
    _expect(
        row,
        "reason",
        lambda value: isinstance(value, str) and value in reasons,
        "the name of a reason, see smtpcodes.reasons()",
    )
    _expect(row, "unofficial", lambda value: isinstance(value, bool), "true or false")
    for name in _TEXTS:
        _expect(row, name, lambda value: value is None or (isinstance(value, str) and value.strip() != ""), "a text")
    for name in _LISTS:
        if isinstance(row.get(name), tuple | list):
            row[name] = list(row[name])
        _expect(
            row,
            name,
            lambda value: isinstance(value, list) and all(isinstance(one, str) and one.strip() for one in value),
            "a list of texts",
        )
    _expect(row, "match", bool, "at least one fragment")
    _expect(
        row,
        "match",
        lambda value: all(re.search(r"[^\W\d_]", one) and "@" not in one for one in value),
        "fragments with a letter and no mail address in them: addresses are left out of what is looked at",
    )
    _expect(
        row,
        "replies",
        lambda value: _all(value, lambda one: type(one) is int and 200 <= one <= 599),
        "a list of reply codes such as 550",
    )
    _expect(
        row,
        "statuses",
        lambda value: _all(
            value, lambda one: isinstance(one, str) and re.fullmatch(r"[245]\.\d{1,3}\.\d{1,3}", one) is not None
        ),
        "a list of enhanced status codes such as '5.1.1'",
    )
    _expect(
        row,
        "notes",
        lambda value: _all(
            value,
            lambda one: (
                isinstance(one, Mapping)
                and set(one) == {"text", "source"}
                and all(isinstance(part, str) for part in one.values())
            ),
        ),
        "a list of mappings with 'text' and 'source'",
    )
    for name in ANSWERS:
        values = _VALUES[name]
        words = ", ".join(
            str(value).lower() if isinstance(value, bool) else str(value) for value in values if value is not None
        )
        _expect(
            row,
            name,
            lambda value, values=values: any(value is one or (isinstance(one, str) and value == one) for one in values),
            f"one of {words}",
        )
    return {name: value for name, value in row.items() if value is not None or name in ANSWERS}


def _all(value: object, test: Any) -> bool:
    return isinstance(value, list | tuple | set | frozenset) and all(test(one) for one in value)


def _expect(row: dict[str, Any], name: str, test: Any, expected: str) -> None:
    if name in row and not test(row[name]):
        raise ValueError(f"{name!r}: expected {expected}, found {_shown(row[name])}")


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else shown[:57] + "..."
