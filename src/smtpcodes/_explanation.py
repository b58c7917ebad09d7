"""What `explain` answers with: one immutable record, in the reader's language."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Self

from smtpcodes import _languages, _records
from smtpcodes._model import ANSWERS, Answers, _translated, _url
from smtpcodes._report import Action

__all__ = ["Explanation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation(Answers):
    """What a server really said, and what to do about it.

    `code` and `status` are what stands in the reply, `text` its words, `reason` the name of the reason if there is one,
    `server` who answered as far as it shows. `evidence` tells what decided: `diagnostic gmail/unusual_rate`, `phrase
    user unknown`, `status 5.1.1`, `subject X.7`, `reply 550`, `class 5` or `nothing`. `retry_after` are the seconds the
    server asks to wait, `blocklist` is the list it names. `queued` tells whether a queue still has the message.
    A bounce message adds `recipient`, `original_recipient`, `action` and `remote`, the server that refused.
    """

    code: int | None = None
    status: str | None = None
    text: str = ""
    short: str = ""
    reason: str | None = None
    server: str | None = None
    evidence: str = "nothing"
    queued: bool = True
    retry_after: int | None = None
    blocklist: str | None = None
    recipient: str | None = None
    original_recipient: str | None = None
    action: Action | None = None
    remote: str | None = None
    _page: str = field(default="", repr=False, compare=False)

    @property
    def url(self) -> str:
        """The permanent address of the page that says more."""
        page, mark, anchor = self._page.partition("#")
        return _url(self.language, *filter(None, page.split("/"))) + mark + anchor

    def label(self, field: str) -> str:
        """Return the word for an answer, in its language; 'unknown' where there is none.

        field: severity, bounce, suppress, retry, actor or action. Raises KeyError for another one.
        """
        if field in (*ANSWERS, "action") and getattr(self, field) is None:
            group = next(group for group in _records.labels() if group.name == "text")
            return group.localized(self.language).word("unknown")
        return Answers.label(self, field)

    def localized(self, preferences: str | Iterable[str] | None) -> Self:
        """Return the same explanation in the first available of the preferred languages, otherwise in English."""
        language = _languages.choose(preferences)
        if language == self.language:
            return self
        english = self._english or self
        texts: dict[str, Any] = {name: getattr(english, name) for name in TEXTS}
        if language != english.language:
            changed = _translated(english, _languages.translations(language).gettext, language)
            texts |= {name: changed[name] for name in TEXTS if name in changed}
        kept = None if language == english.language else english
        return dataclasses.replace(self, **texts, language=language, _english=kept)

    def to_dict(self) -> dict[str, Any]:
        """Return the explanation as plain data for JSON."""
        return {**Answers.to_dict(self), "url": self.url}


TEXTS = (
    "title",
    "short",
    "meaning",
    "outcome",
    "outcome_unqueued",
    "for_sender",
    "for_recipient",
    "for_sender_admin",
    "for_recipient_admin",
    "notes",
)
"""The fields that are texts: what another language changes."""
