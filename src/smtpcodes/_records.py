"""Load the records once and find them by code or name."""

from __future__ import annotations

import functools
import re
from typing import Any, TypeVar, overload

from smtpcodes._model import (
    Bounce,
    CodeClass,
    Diagnostic,
    Label,
    Note,
    Reason,
    Record,
    Reply,
    Sense,
    Server,
    Status,
    Subject,
    UnknownCodeError,
    Value,
)

__all__ = [
    "bounce",
    "bounces",
    "classes",
    "diagnostics",
    "get",
    "labels",
    "lookup",
    "reason",
    "reasons",
    "replies",
    "servers",
    "statuses",
    "subjects",
]

T = TypeVar("T")
R = TypeVar("R", bound=Record)

_STATUS = re.compile(r"([245X])\.(\d{1,3})\.(\d{1,3})")
_NESTED: dict[str, type[Record]] = {"notes": Note, "values": Value, "senses": Sense}


@overload
def lookup(code: int) -> Reply: ...
@overload
def lookup(code: str) -> Reply | Status: ...
def lookup(code: int | str) -> Reply | Status:
    """Return the record of a code: 550, "550", "5.1.1", or the pattern "X.1.1".

    Raises UnknownCodeError, a LookupError, that says what was asked and what comes nearest.
    """
    found = _by_code().get(_key(code))
    if found is None:
        raise UnknownCodeError(code, _nearest(code))
    return found


@overload
def get(code: object) -> Reply | Status | None: ...
@overload
def get(code: object, default: T) -> Reply | Status | T: ...
def get(code: object, default: Any = None) -> Any:
    """Return the record of a code, or the default where there is none."""
    return _by_code().get(_key(code), default)


def reason(name: str) -> Reason:
    """Return a reason by its permanent name, such as `mailbox_full`. Raises UnknownCodeError."""
    return _named(reasons(), name, "reasons")


def bounce(name: str) -> Bounce:
    """Return the bounce type `soft` or `hard`. Raises UnknownCodeError."""
    return _named(bounces(), name, "bounces")


@functools.cache
def replies() -> tuple[Reply, ...]:
    """Return all reply codes in numeric order, those outside the standard included: see `standing`."""
    return _all(Reply, "replies")


@functools.cache
def statuses() -> tuple[Status, ...]:
    """Return all enhanced status codes in numeric order, a pattern (X.1.1) each; `codes` names its concrete codes."""
    return tuple(status for status in _every_status() if status.code == status.pattern)


@functools.cache
def reasons() -> tuple[Reason, ...]:
    """Return all reasons, in the order of their subjects."""
    return tuple(sorted(_all(Reason, "reasons"), key=lambda reason: reason.subject))


@functools.cache
def bounces() -> tuple[Bounce, ...]:
    """Return both bounce types."""
    return _all(Bounce, "bounces")


@functools.cache
def classes() -> tuple[CodeClass, ...]:
    """Return the classes 2 to 5: the first digit of a code."""
    return _all(CodeClass, "classes")


@functools.cache
def subjects() -> tuple[Subject, ...]:
    """Return the subjects X.0 to X.7: the second number of an enhanced status code."""
    return _all(Subject, "subjects")


@functools.cache
def labels() -> tuple[Label, ...]:
    """Return the questions and words for values, so that an app can show *temporary* instead of `transient`."""
    return _all(Label, "labels")


@functools.cache
def servers() -> tuple[Server, ...]:
    """Return the servers whose replies are known, by name."""
    return tuple(
        Server(
            name=row["name"],
            title=row["label"],
            kind=row["kind"],
            official=row["official"],
            signs=tuple(row["signs"]),
        )
        for row in load("explain")["servers"]
    )


@functools.cache
def diagnostics() -> tuple[Diagnostic, ...]:
    """Return what real servers say, a row each."""
    return tuple(_build(Diagnostic, row) for row in load("explain")["diagnostics"])


@functools.cache
def load(name: str = "records") -> dict[str, Any]:
    """Read one of the two JSON files of the package."""
    import json
    from importlib.resources import files

    data: dict[str, Any] = json.loads(files("smtpcodes").joinpath("_data", f"{name}.json").read_bytes())
    return data


@functools.cache
def text_fields() -> frozenset[str]:
    """Return the names of the fields that are translated; the compiler decides them."""
    return frozenset(load()["text_fields"])


@functools.cache
def _every_status() -> tuple[Status, ...]:
    return _all(Status, "statuses")


@functools.cache
def _by_code() -> dict[object, Reply | Status]:
    return {**{reply.code: reply for reply in replies()}, **{status.code: status for status in _every_status()}}


def _all(kind: type[R], name: str) -> tuple[R, ...]:
    return tuple(_build(kind, row) for row in load()[name])


def _build(kind: type[R], row: dict[str, Any]) -> R:
    return kind(**{name: _frozen(name, value) for name, value in row.items()})


def _frozen(name: str, value: Any) -> Any:
    if isinstance(value, list):
        part = _NESTED.get(name)
        return tuple(_build(part, item) if part else item for item in value)
    return value


def _key(code: object) -> object:
    """Return what a code is filed under; never raises, whatever it is given."""
    if isinstance(code, str):
        text = code.strip().upper()
        return int(text) if re.fullmatch(r"[0-9]{3}", text) else text
    return code if isinstance(code, int) and not isinstance(code, bool) else None


def _nearest(code: object) -> str:
    """Say what comes nearest: neighbours with the same digits, and the subject and class of RFC 3463 section 2."""
    key = _key(code)
    near: list[str] = []
    if isinstance(key, str) and (parts := _STATUS.fullmatch(key)):
        digit, subject, detail = parts.groups()
        near += next((one.codes for one in statuses() if one.code == f"X.{subject}.{detail}"), ())
        near += [f"subject {one.code} ({one.title})" for one in subjects() if one.code == f"X.{subject}"]
    elif isinstance(key, int) and 100 <= key <= 599:
        digit = str(key // 100)
        family = sorted((abs(one.code - key), one.code) for one in replies() if one.code // 100 == key // 100)
        near += sorted(str(one) for _, one in family[:3])
    else:
        return "expected a reply code such as 550 or an enhanced status code such as 5.1.1"
    near += [f"class {one.code} ({one.title})" for one in classes() if str(one.code) == digit]
    return f"nearest: {', '.join(near)}" if near else "no code starts with that digit"


def _named(records: tuple[R, ...], name: str, kind: str) -> R:
    import difflib

    by_name = {getattr(record, "name", ""): record for record in records}
    if name in by_name:
        return by_name[name]
    near = difflib.get_close_matches(str(name), by_name, 3, 0.5)
    raise UnknownCodeError(name, f"nearest among the {kind}: {', '.join(near)}" if near else f"see smtpcodes.{kind}()")
