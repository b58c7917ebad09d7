"""The records: immutable values that can be hashed, pickled, compared and shared between threads."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, Self, cast

from smtpcodes import _languages

__all__ = [
    "Bounce",
    "CodeClass",
    "Diagnostic",
    "Label",
    "Note",
    "Reason",
    "Record",
    "Reply",
    "Sense",
    "Server",
    "Status",
    "Subject",
    "UnknownCodeError",
    "Value",
    "plain",
]

Severity = Literal["positive", "intermediate", "transient", "permanent"]
BounceType = Literal["none", "soft", "hard"]
Retry = Literal["automatic", "later", "after_fix", "never"]
ServerKind = Literal["provider", "software", "service"]
Actor = Literal["nobody", "sender", "sender_admin", "recipient", "recipient_admin"]
Standing = Literal["current", "obsolete", "historic", "experimental", "registry_only", "de_facto", "lore"]

ANSWERS = ("severity", "bounce", "suppress", "retry", "actor")


class UnknownCodeError(LookupError):
    """Say which code was asked for and what comes nearest to it.

    `code` is what was asked for.
    """

    __module__ = "smtpcodes"  # where an app imports it from, so that a traceback says so

    def __init__(self, code: object, nearest: str = "") -> None:
        self.code = code
        self.nearest = nearest
        shown = code if isinstance(code, str) and len(code) <= 40 else repr(code)[:60]
        super().__init__(f"unknown SMTP code: {shown}{'; ' + nearest if nearest else ''}")

    def __reduce__(self) -> tuple[type[UnknownCodeError], tuple[object, str]]:
        return type(self), (self.code, self.nearest)


def plain(text: str) -> str:
    """Return a text without the backticks round literal words, for an app that shows no code font."""
    return text.replace("`", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What all records share: texts in one language, and a way to another language.

    `language` is the language of the texts. Texts may hold `code spans` in backticks and no other markup.
    """

    language: str = "en"
    _english: Record | None = field(default=None, repr=False, compare=False)

    def localized(self, preferences: str | Iterable[str] | None) -> Self:
        """Return the same record in the first available of the preferred languages, otherwise in English.

        preferences: `nl`, `nl_NL`, `nl-BE`, an Accept-Language header, or a list of these in order of preference.
        A text that is not translated stays English. Never raises for an unknown language.
        """
        language = _languages.choose(preferences)
        if language == self.language:
            return self
        english = self if self._english is None else cast(Self, self._english)
        if language == english.language:
            return english
        return cast(Self, _in_language(_Same(english), language))

    def label(self, field: str) -> str:
        """Return the word for an answer of this record, in its language: `label("retry")` gives 'by itself'.

        field: severity, bounce, suppress, retry, actor or standing. Raises KeyError for another one.
        """
        from smtpcodes._records import labels

        group = next((group for group in labels() if group.name == field), None)
        if group is None or not hasattr(self, field):
            raise KeyError(field)
        return group.localized(self.language).word(getattr(self, field))

    def to_dict(self) -> dict[str, Any]:
        """Return the record as plain data for JSON: what `--json` prints and the site publishes."""
        data = {item.name: _data(getattr(self, item.name)) for item in dataclasses.fields(self) if item.name[0] != "_"}
        return {**data, "url": self.url} if isinstance(self, Reply | Status | Reason | Bounce) else data


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Record):
    """A trap or a disagreement, with its source: an RFC section or the address of a page."""

    text: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Value(Record):
    """One value of a label and its word: `literal` where it is protocol text that is never translated."""

    name: str
    title: str | None = None
    literal: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Label(Record):
    """A question (`title`, and `short` for a narrow column) with the word for each possible answer."""

    name: str
    title: str
    short: str
    values: tuple[Value, ...]

    def word(self, value: str | bool | None) -> str:
        """Return the word for a value; None has a word too. Raises KeyError for a value that does not exist."""
        name = "unknown" if value is None else str(value).lower() if isinstance(value, bool) else value
        for one in self.values:
            if one.name == name:
                return one.title or one.literal or ""
        raise KeyError(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts(Record):
    """The texts of a record; what does not apply is None or an empty tuple.

    `outcome` is what happens now, `outcome_unqueued` the same when no queue holds the message.
    The `for_` fields are steps for each role; roles are relative to the message.
    """

    title: str
    meaning: str
    outcome: str | None
    outcome_unqueued: str | None
    for_sender: tuple[str, ...]
    for_recipient: tuple[str, ...]
    for_sender_admin: tuple[str, ...]
    for_recipient_admin: tuple[str, ...]
    notes: tuple[Note, ...]
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers(Texts):
    """The five answers. None means that this code alone does not tell.

    `severity` is what the protocol says (RFC 5321 section 4.2.1), `bounce` what people call it, `suppress` whether the
    address is bad, `retry` whether the same message has a chance, `actor` who must act first.
    """

    severity: Severity | None = None
    bounce: BounceType | None
    suppress: bool | None
    retry: Retry | None
    actor: Actor | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce(Texts):
    """Soft or hard bounce: what the sender's side concludes. No RFC defines the terms."""

    name: BounceType
    short: str

    @property
    def url(self) -> str:
        """The permanent address of its page."""
        return _url(self.language, "bounces", self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeClass(Texts):
    """The first digit of a code (RFC 5321 section 4.2.1, RFC 3463 section 2)."""

    code: int
    short: str
    severity: Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject(Texts):
    """The second number of an enhanced status code (RFC 3463 section 3)."""

    code: str
    short: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason(Answers):
    """Why a message was refused. `codes` are the codes that can carry this reason."""

    name: str
    short: str
    subject: str
    codes: tuple[str, ...]
    related: tuple[str, ...]

    @property
    def url(self) -> str:
        """The permanent address of its page."""
        return _url(self.language, "reasons", self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sense(Answers):
    """Another meaning of a reply code, after another command."""

    commands: tuple[str, ...]
    wording: str | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply(Answers):
    """A reply code of three digits (RFC 5321 section 4.2).

    `wording` is the standard's text, `commands` what it answers, `statuses` the enhanced status codes that go with it,
    `dialogue` an example whose line number `mark` (from 1) is the reply itself. `stands_for` is the dotted code that a
    code outside the standard really is.
    """

    code: int
    short: str
    standing: Standing
    stands_for: str | None
    wording: str | None
    commands: tuple[str, ...]
    reasons: tuple[str, ...]
    statuses: tuple[str, ...]
    senses: tuple[Sense, ...]
    dialogue: tuple[str, ...]
    mark: int | None
    related: tuple[str, ...]

    def __int__(self) -> int:
        return self.code

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def url(self) -> str:
        """The permanent address of its page."""
        return _url(self.language, "codes", str(self.code))


@dataclass(frozen=True, slots=True, kw_only=True)
class Status(Answers):
    """An enhanced status code (RFC 3463): 5.1.1, or its pattern X.1.1 in which only what all classes share is answered.

    `codes` are the codes of the pattern that exist, `official` tells whether the RFC gives it this class.
    `replies` are the reply codes that the registry associates with it, `also_replies` others that servers send.
    """

    code: str
    pattern: str
    codes: tuple[str, ...]
    subject: str
    official: bool
    short: str
    standing: Standing
    wording: str | None
    replies: tuple[int, ...]
    also_replies: tuple[int, ...]
    reasons: tuple[str, ...]
    sample: str | None
    related: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def url(self) -> str:
        """The permanent address of its page; a pattern leads to its first code."""
        return _url(self.language, "codes", self.codes[-1] if self.code == self.pattern else self.code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Server(Record):
    """A provider or mail server program: `signs` are what its replies are recognised by, `official` its own page.

    `kind` is `provider`, `software`, or `service`: a filter, or a service that sends for others.
    """

    name: str
    title: str
    kind: ServerKind
    official: str | None
    signs: tuple[str, ...]

    @property
    def url(self) -> str:
        """The permanent address of its page."""
        return _url(self.language, "servers", self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic(Record):
    """What a real server says: literal fragments of its reply, and the one reason they give.

    The `for_` fields hold only what this row says in place of its reason. `server` is None where the words belong to
    several servers or to a blocklist; `unofficial` tells that the source is not the provider's own.
    """

    id: str
    server: str | None
    replies: tuple[int, ...]
    statuses: tuple[str, ...]
    match: tuple[str, ...]
    reason: str
    meaning: str
    for_sender: tuple[str, ...]
    for_recipient: tuple[str, ...]
    for_sender_admin: tuple[str, ...]
    for_recipient_admin: tuple[str, ...]
    source: str
    unofficial: bool
    checked: str
    sample: str

    @property
    def url(self) -> str:
        """The permanent address of its row on the page of its server."""
        page, _, anchor = self.id.partition("/")
        return f"{_url(self.language, 'servers', page)}#{anchor}"


class _Same:
    """Stand for a record as a cache key: the same object, without hashing all its texts."""

    __slots__ = ("record",)

    def __init__(self, record: Record) -> None:
        self.record = record

    def __hash__(self) -> int:
        return id(self.record)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.record is self.record


@functools.lru_cache(maxsize=1024)
def _in_language(english: _Same, language: str) -> Record:
    record = english.record
    changed = _translated(record, _languages.translations(language).gettext, language)
    return dataclasses.replace(record, **changed, _english=record)


def _translated(record: Record, gettext: Any, language: str) -> dict[str, Any]:
    """Return the fields of a record that a translation changes, those of the records in it too."""
    from smtpcodes._records import text_fields

    changed: dict[str, Any] = {"language": language}
    wanted = text_fields()
    for item in dataclasses.fields(record):
        value = getattr(record, item.name)
        if isinstance(value, tuple) and value and isinstance(value[0], Record):
            changed[item.name] = tuple(
                dataclasses.replace(part, **_translated(part, gettext, language)) for part in value
            )
        elif item.name in wanted and value:
            changed[item.name] = gettext(value) if isinstance(value, str) else tuple(gettext(step) for step in value)
    return changed


def _data(value: Any) -> Any:
    if isinstance(value, Record):
        parts = value.to_dict()
        del parts["language"]
        return parts
    return [_data(item) for item in value] if isinstance(value, tuple) else value


def _url(language: str, *parts: str) -> str:
    from smtpcodes._records import load

    return "/".join((load()["site"], language, *parts, ""))
