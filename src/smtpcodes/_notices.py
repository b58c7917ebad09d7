"""Read the bounce messages of older programs, which are plain text, where that text makes it certain.

Two things must come together: a mail system that wrote the message, and words that no person begins a list with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from smtpcodes._mime import Part
from smtpcodes._reader import read
from smtpcodes._report import Action, Report

__all__ = ["from_daemon", "reports_of_notice"]

_DEPTH = 4
_LONGEST = 128 * 1024
_TOP = 16 * 1024
_MOST = 10_000

# Lower case, single spaces: so are the texts that they are looked for in.
_DAEMONS = (
    *(
        "mailer-daemon",
        "mailer daemon",
        "mailerdaemon",
        "mail-daemon",
        "mail daemon",
        "maildaemon",
        "mdaemon",
        "postmaster",
    ),
    *("mail delivery", "mail-delivery", "mailadmin", "mail administrator", "system administrator", "microsoftexchange"),
    *("undeliverable", "noreply-dsn", "mmdf", "smtp-gateway"),
)
# How programs begin the list of what failed; a person does not write these.
_FAILED = (
    "i'm afraid i wasn't able to deliver your message",
    "the following address(es) failed",
    "the following addresses failed",
    "the following address failed",
    "could not be delivered to one or more",
    "could not be delivered to all",
    "could not be delivered to the following",
    "had permanent fatal errors",
    "had permanent delivery errors",
    "this is the postfix program at host",
    "delivery to the following recipient failed",
    "delivery to the following recipients failed",
    "delivery has failed to these recipients",
    "did not reach some or all of the intended recipients",
    "did not reach the following recipient",
    "the following recipient(s) could not be reached",
    "the following recipient(s) cannot be reached",
    "unable to deliver your message",
    "unable to deliver message to the following",
    "was not able to deliver your message",
    "wasn't able to deliver your message",
    "undeliverable mail returned to sender",
    "mail could not be delivered to the following",
    "your message could not be delivered",
    "your message couldn't be delivered",
    "your message wasn't delivered",
    "your message was not delivered",
    "your message can't be delivered",
    "your message cannot be delivered",
    "was not delivered to:",
    "could not deliver your message",
    "could not deliver your mail",
    "could not deliver your e-mail",
    "could not deliver your email",
    "could not deliver the message",
    "could not deliver the mail",
    "message could not be delivered for",
    "following recipients were undeliverable",
    "following recipient was undeliverable",
    "following recipients were not delivered",
    "following recipients were rejected",
    "failed to deliver to",
    "delivery failed to",
    "an error occurred while trying to deliver the mail",
    "an error occurred while sending mail",
    "this message is undeliverable",
    "permanent delivery failure",
    "the mail system was unable",
    "has encountered a delivery problem",
    "delivery failure notification",
    "su mensaje no pudo ser entregado",
    "su mensaje no ha podido ser entregado",
    "votre message n'a pas pu",
    "konnte nicht zugestellt werden",
    "niet worden afgeleverd",
    "niet worden bezorgd",
    "non è stato possibile consegnare",
    "non è stato possibile recapitare",
    "não pôde ser entregue",
)
_DELAYED = (
    "has not yet been delivered",
    "delivery has been delayed",
    "delivery to the following recipients has been delayed",
    "delivery to the following recipient has been delayed",
    "warning: message",
    "warning: could not send message",
    "delivery is delayed",
    "will be retried",
    "will continue trying",
    "will keep trying",
    "still being retried",
    "transient non-fatal errors",
    "delivery status notification (delay)",
    "you do not need to resend",
)
_COPY = re.compile(
    r"^[ \t>]{0,4}(?:-{2,} ?(?:below this line|this is a copy|original message|message header|the header|"
    r"unsent message|return(?:ed)? message|message body|the original|begin)|={3,} ?original|"
    r"original message (?:follows|headers?)|original-message|received: (?:from|by)\b|return-path: |"
    r"the following is a copy|message headers? follows?)",
    re.IGNORECASE | re.MULTILINE,
)
_RECIPIENT_LINE = re.compile(
    r"[ \t>*]{0,12}(?:(?:to|recipient|address|final-recipient|failed recipient|user)\s{0,3}:\s{0,3}"
    r"(?:rfc822;\s{0,3})?)?"
    r"[\"'(\[]?<?([^\s<>()\[\]\"',;:]{1,128}@[^\s<>()\[\]\"',;:]{1,255})>?[\"')\]]?"
    r"(?=\s*$|\s*[:;(\[]|\s*\.\.\.|\s+on\s|\s+-\s|\s+\(|\s+[<#])",
    re.IGNORECASE,
)


def from_daemon(part: Part) -> bool:
    """Tell whether a mail system wrote the message, not a person."""
    if part.header("x-failed-recipients") or _is_daemon(part):
        return True
    return part.header("return-path").replace(" ", "") == "<>" and "vacation" not in part.header("auto-submitted")


def _is_daemon(part: Part) -> bool:
    sender = part.header("from").lower()
    return any(name in sender for name in _DAEMONS)


def reports_of_notice(part: Part) -> list[Report]:
    """Return what a plain-text notice says, one for each recipient; nothing if it is not certainly a bounce."""
    if not from_daemon(part) or part.header("x-autoreply") or part.header("x-autorespond"):
        return []
    text = _notice(part)
    copy = _COPY.search(text)
    body = text[: copy.start()] if copy and copy.start() > 40 else text
    flat = _flat(body[:_TOP])
    failed, delayed = _first(_FAILED, flat), _first(_DELAYED, flat)
    named = [one.strip(" <>\t") for one in part.header("x-failed-recipients").split(",") if "@" in one][:_MOST]
    late = delayed >= 0 or _first(_DELAYED, _flat(part.header("subject"))) >= 0
    if failed < 0 and not (late and (named or _is_daemon(part))):
        return []
    action: Action = "delayed" if late and not 0 <= failed < max(delayed, 1) else "failed"
    begin = min((place for place in (failed, delayed) if place >= 0), default=0)
    found = list(_listed(body, begin, action, {one.lower() for one in named}))
    seen = {(one.recipient or "").lower() for one in found}
    found += [Report(read(""), action, one) for one in named if one.lower() not in seen]
    return found[:_MOST]


def _flat(text: str) -> str:
    return " ".join(text.lower().split())


def _first(phrases: tuple[str, ...], text: str) -> int:
    """Return where one of the phrases stands, else -1."""
    return next((place for phrase in phrases if (place := text.find(phrase)) >= 0), -1)


def _notice(part: Part) -> str:
    """Return the text of the message, or of its first part that is text."""
    for _ in range(_DEPTH + 1):
        if part.type.startswith("text/") or part.type == "message/delivery-status":
            text = part.text(_LONGEST)
            return _without_tags(text) if part.type == "text/html" else text
        child = next(iter(part.children()), None)
        if child is None:
            return ""
        part = child
    return ""


def _without_tags(text: str) -> str:
    import html

    text = re.sub(r"<(?:br|/p|/div|/tr|/h\d|/li)[^>]{0,200}>", "\n", text, flags=re.IGNORECASE)
    return html.unescape(re.sub(r"<(?![^<>@\s]{1,128}@)[^<>]{0,2000}>", " ", text))


def _listed(text: str, begin: int, action: Action, named: set[str]) -> Iterator[Report]:
    """Yield a report for each line that begins with an address; what follows it, up to the next, is its reply."""
    position = 0
    current: list[str] = []
    recipient: str | None = None
    blocks: dict[str, list[str]] = {}
    for line in text.splitlines():
        length = len(_flat(line))
        position += length + 1 if length else 0
        found = _RECIPIENT_LINE.match(line) if position > begin and "@" in line else None
        address = found.group(1).strip(".") if found else ""
        if found and (not named or address.lower() in named or recipient is None):
            recipient = address
            current = blocks.setdefault(address.lower(), [address])
            current.append(line[found.end() :])
        elif recipient is not None and len(current) < 60:
            current.append(line)
    for block in blocks.values():
        yield Report(read("\n".join(block[1:]).strip(" \n:")), action, block[0])
