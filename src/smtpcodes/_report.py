"""What a bounce message says about one recipient."""

from __future__ import annotations

from typing import Literal, NamedTuple

from smtpcodes._reader import Reading

__all__ = ["Action", "Report"]

Action = Literal["failed", "delayed", "delivered", "relayed", "expanded"]


class Report(NamedTuple):
    """What a bounce message says about one recipient."""

    reading: Reading
    action: Action
    recipient: str | None
    original_recipient: str | None = None
    remote: str | None = None
