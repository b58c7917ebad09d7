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

_DAEMONS = re.compile(
    "|".join(
        (
            r"mailer[-_. ]?daemon",
            r"mail[-_. ]?daemon",
            r"maildaemon",
            r"mdaemon",
            r"postmaster",
            r"mail[ -]delivery",
            r"mailadmin",
            r"mail administrator",
            r"system administrator",
            r"microsoftexchange",
            r"undeliverable",
            r"noreply-dsn",
            r"mailerdaemon",
            r"mmdf",
            r"smtp-gateway",
            r"autoreply-dsn",
        )
    ),
    re.IGNORECASE,
)
# How programs begin the list of what failed; a person does not write these. A line may break at any space.
_FAILED = re.compile(
    "|".join(
        (
            r"could not be delivered to (?:the following recipient|(?:one or more|all)(?: of its)? recipients)",
            r"the following address(?:\(es\)|es)? failed",
            r"i'm afraid i wasn't able to deliver your message",
            r"had permanent fatal errors",
            r"had permanent delivery errors",
            r"wasn't able to deliver your message",
            r"delivery to the following recipients? failed",
            r"delivery has failed to these recipients",
            r"did not reach (?:some or all of the intended|the following) recipient",
            r"the following recipient\(s\) (?:could not be reached|cannot be reached)",
            r"unable to deliver (?:your )?message to the following",
            r"were unable to deliver your message",
            r"was not able to deliver your message",
            r"this is the postfix program at host",
            r"undeliverable mail returned to sender",
            r"mail could not be delivered to the following",
            r"your message (?:could not|couldn't|wasn't|was not|can't|cannot) (?:be )?delivered",
            r"was not delivered to:",
            r"message could not be delivered for",
            r"could not deliver (?:your|the) (?:e-?mail|mail|message)",
            r"following recipients? (?:was|were) (?:undeliverable|not delivered|rejected)",
            r"failed to deliver to",
            r"delivery failed to",
            r"an error occurred while (?:trying to deliver|sending) (?:the )?mail",
            r"returned to (?:you|sender) because",
            r"this message is undeliverable",
            r"permanent delivery failure",
            r"the mail system was unable",
            r"has encountered a delivery problem",
            r"delivery failure notification",
            r"sus mensaje no",
            r"su mensaje no (?:pudo|ha podido) (?:ser )?entrega",
            r"votre message n'a pas pu",
            r"konnte nicht zugestellt werden",
            r"niet (?:worden )?(?:af|be)geleverd",
            r"non è stato possibile (?:consegnare|recapitare)",
            r"não pôde ser entregue",
        )
    ).replace(" ", r"\s+"),
    re.IGNORECASE,
)
_DELAYED = re.compile(
    "|".join(
        (
            r"has not yet been delivered",
            r"delivery (?:to the following recipients? )?has been delayed",
            r"warning: (?:message|could not send message)",
            r"delivery is delayed",
            r"will (?:be retried|continue trying|keep trying)",
            r"still being retried",
            r"transient non-fatal errors",
            r"delayed mail \(still being retried\)",
            r"delivery status notification \(delay\)",
            r"you do not need to resend",
        )
    ).replace(" ", r"\s+"),
    re.IGNORECASE,
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
    if part.header("x-failed-recipients"):
        return True
    sender = part.header("from")
    if _DAEMONS.search(sender):
        return True
    return part.header("return-path").replace(" ", "") == "<>" and "vacation" not in part.header("auto-submitted")


def reports_of_notice(part: Part) -> list[Report]:
    if not from_daemon(part):
        return []
    if part.header("x-autoreply") or part.header("x-autorespond"):
        return []
    text = _notice(part)
    if not text:
        return []
    copy = _COPY.search(text)
    body = text[: copy.start()] if copy and copy.start() > 40 else text
    intro = _FAILED.search(body, 0, _TOP)
    delayed = _DELAYED.search(body, 0, _TOP) or _DELAYED.search(part.header("subject"))
    if not intro and not (delayed and (part.header("x-failed-recipients") or _DAEMONS.search(part.header("from")))):
        return []
    action: Action = "delayed" if delayed and not (intro and intro.start() < delayed.start()) else "failed"
    begin = min((found.end() for found in (intro, delayed) if found and found.string is body), default=0)
    named = [one.strip(" <>\t") for one in part.header("x-failed-recipients").split(",") if "@" in one][:_MOST]
    found = list(_listed(body, begin, action, {one.lower() for one in named}))
    seen = {(one.recipient or "").lower() for one in found}
    found += [Report(read(""), action, one) for one in named if one.lower() not in seen]
    return found[:_MOST]


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
    lines = text.splitlines()
    position = 0
    current: list[str] = []
    recipient: str | None = None
    blocks: dict[str, list[str]] = {}
    for line in lines:
        after = position >= begin - 1 or position + len(line) >= begin
        position += len(line) + 1
        found = _RECIPIENT_LINE.match(line) if after and "@" in line else None
        address = found.group(1).strip(".") if found else ""
        if found and (not named or address.lower() in named or recipient is None):
            recipient = address
            current = blocks.setdefault(address.lower(), [address])
            current.append(line[found.end() :])
        elif recipient is not None and len(current) < 60:
            current.append(line)
    for block in blocks.values():
        yield Report(read("\n".join(block[1:]).strip(" \n:")), action, block[0])
