"""Take the replies out of a bounce message: RFC 3464 and RFC 6533 reports, and the older forms that are certain.

What is no bounce gives nothing: an ordinary mail, an out-of-office reply, a read receipt, a report of abuse.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from smtpcodes._mime import Part, part_of
from smtpcodes._reader import Reading, read

__all__ = ["Report", "reports"]

Action = Literal["failed", "delayed", "delivered", "relayed", "expanded"]

_STATUS_PART = ("message/delivery-status", "message/global-delivery-status")
_DEPTH = 4
_LONGEST_REPORT = 4 * 1024 * 1024
_LONGEST_NOTICE = 128 * 1024
_MOST = 10_000

_STATUS = re.compile(r"(?<![\w.])([245]\.\d{1,3}\.\d{1,3})(?![\w.])", re.ASCII)
_FIELD = re.compile(r"([A-Za-z][\w-]{1,60})[ \t]*:(.*)", re.DOTALL)
_UNICODE = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")


class Report(NamedTuple):
    """What a bounce message says about one recipient."""

    reading: Reading
    action: Action
    recipient: str | None
    original_recipient: str | None = None
    remote: str | None = None


def reports(message: object) -> list[Report]:
    """Return what a bounce message says, one for each recipient; nothing for any other message."""
    part = part_of(message)
    if part is None:
        return []
    kind = part.type
    if kind == "multipart/report" and part.parameter("report-type").lower() in (
        "disposition-notification",
        "feedback-report",
    ):
        return []
    status = next(_status_parts(part, 0), None)
    if status is not None:
        found = _of_status(status.text(_LONGEST_REPORT))
        if found:
            return found
    return _of_notice(part)


def _status_parts(part: Part, depth: int) -> Iterator[Part]:
    """Yield the parts with a delivery status; never those inside a message that is only attached."""
    if part.type in _STATUS_PART:
        yield part
    elif depth < _DEPTH and part.type.startswith("multipart/"):
        report = part.type == "multipart/report"
        certain = report or depth > 0 or _from_daemon(part)
        for child in part.children():
            # Some gateways give the status the wrong type.
            if (
                report
                and child.type.startswith("text/")
                and child.text(400).lstrip().lower().startswith("reporting-mta:")
            ):
                yield child
            elif child.type not in _STATUS_PART or certain:
                yield from _status_parts(child, depth + 1)


# RFC 3464


def _of_status(text: str) -> list[Report]:
    found: list[Report] = []
    general: dict[str, str] = {}
    for block in _blocks(text):
        if not {"final-recipient", "original-recipient", "action", "status"} & block.keys():
            general |= block
            continue
        report = _of_block(block)
        if report is not None:
            found.append(report)
        if len(found) == _MOST:
            break
    return found


def _blocks(text: str) -> Iterator[dict[str, str]]:
    """Yield the groups of fields; a field that comes again begins a new group even where the blank line is missing."""
    block: dict[str, str] = {}
    last = ""
    for line in text.splitlines():
        if not line.strip():
            if block:
                yield block
            block, last = {}, ""
        elif line[0] in " \t" and last:
            if len(block[last]) < 20_000:
                block[last] += "\n" + line.strip()
        elif field := _FIELD.match(line):
            name = field.group(1).lower()
            if name in block and name in ("final-recipient", "original-recipient", "action", "status"):
                yield block
                block = {}
            block.setdefault(name, field.group(2).strip())
            last = name
        else:
            last = ""
    if block:
        yield block


def _of_block(block: dict[str, str]) -> Report | None:
    status_field = _STATUS.search(block.get("status", ""))
    status = status_field.group(1) if status_field else None
    diagnostic = block.get("diagnostic-code", "")
    reading = read(diagnostic or block.get("status", "").partition("(")[2].rstrip(")"))
    reading = reading._replace(status=_better(status, reading.status))
    action = _action(block.get("action", ""), reading)
    recipient = _address(block.get("final-recipient", "")) or _address(block.get("x-actual-recipient", ""))
    original = _address(block.get("original-recipient", ""))
    if action is None or (recipient is None and original is None and status is None):
        return None
    return Report(reading, action, recipient or original, original, _host(block.get("remote-mta", "")))


def _better(status: str | None, other: str | None) -> str | None:
    """Choose between the Status field and the code in the diagnostic: the one that says more wins."""
    if status is None or other is None:
        return status or other
    detail, more = status.split(".")[1:], other.split(".")[1:]
    if detail == ["0", "0"] or (detail[1] == "0" and detail[0] == more[0] and status[0] == other[0]):
        return other if more != ["0", "0"] else status
    return status


def _action(field: str, reading: Reading) -> Action | None:
    word = re.match(r"\s*\"?([A-Za-z]+)", field)
    name = word.group(1).lower() if word else ""
    known: dict[str, Action] = {
        "failed": "failed",
        "failure": "failed",
        "fail": "failed",
        "delayed": "delayed",
        "delay": "delayed",
        "delivered": "delivered",
        "relayed": "relayed",
        "expanded": "expanded",
    }
    if name in known:
        return known[name]
    digit = (reading.status or str(reading.code or ""))[:1]
    by_digit: dict[str, Action] = {"5": "failed", "4": "delayed", "2": "delivered"}
    return by_digit.get(digit)


def _address(field: str) -> str | None:
    """Return the address of a field such as `rfc822; anna@example.com` or `utf-8; ánna@example.com`."""
    kind, separator, value = field.partition(";")
    if not separator:
        kind, value = "", field
    value = " ".join(value.split()).strip("<> \t\"'")
    if kind.strip().lower() in ("utf-8", "utf8") or "\\x{" in value:
        value = _UNICODE.sub(_letter, value)
    return value or None


def _letter(found: re.Match[str]) -> str:
    number = int(found.group(1), 16)
    return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else found.group()


def _host(field: str) -> str | None:
    return (
        field.partition(";")[2].strip().split(" ")[0].strip("[]()") or None if ";" in field else field.strip() or None
    )


# Notices in plain text

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
            r"bounce",
            r"noreply-dsn",
            r"mailerdaemon",
            r"mmdf",
            r"smtp-gateway",
            r"autoreply-dsn",
        )
    ),
    re.IGNORECASE,
)
# How programs begin the list of what failed. A person does not write these.
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
    ),
    re.IGNORECASE,
)
_DELAYED = re.compile(
    "|".join(
        (
            r"has not yet been delivered",
            r"delivery (?:to the following recipients? )?has been delayed",
            r"is delayed",
            r"has been delayed",
            r"warning: (?:message|could not send message)",
            r"delivery is delayed",
            r"will (?:be retried|continue trying|keep trying)",
            r"still being retried",
            r"transient non-fatal errors",
            r"delayed mail \(still being retried\)",
            r"delivery status notification \(delay\)",
            r"you do not need to resend",
        )
    ),
    re.IGNORECASE,
)
_COPY = re.compile(
    r"^[ \t>]{0,4}(?:-{2,} ?(?:below this line|this is a copy|original message|message header|the header|"
    r"unsent message|return(?:ed)? message|message body|the original|begin)|={3,} ?original|original message (?:follows|headers?)|"
    r"original-message|received: (?:from|by)\b|return-path: |the following is a copy|message headers? follows?)",
    re.IGNORECASE | re.MULTILINE,
)
_RECIPIENT_LINE = re.compile(
    r"[ \t>*]{0,12}(?:(?:to|recipient|address|final-recipient|failed recipient|user)\s{0,3}:\s{0,3}"
    r"(?:rfc822;\s{0,3})?)?"
    r"[\"'(\[]?<?([^\s<>()\[\]\"',;:]{1,128}@[^\s<>()\[\]\"',;:]{1,255})>?[\"')\]]?"
    r"(?=\s*$|\s*[:;(\[]|\s*\.\.\.|\s+on\s|\s+-\s|\s+\(|\s+[<#])",
    re.IGNORECASE,
)


def _from_daemon(part: Part) -> bool:
    """Tell whether a mail system wrote the message, not a person."""
    if part.header("x-failed-recipients"):
        return True
    sender = part.header("from")
    if _DAEMONS.search(sender):
        return True
    return part.header("return-path").replace(" ", "") == "<>" and "vacation" not in part.header("auto-submitted")


def _of_notice(part: Part) -> list[Report]:
    if not _from_daemon(part):
        return []
    if part.header("x-autoreply") or part.header("x-autorespond"):
        return []
    text = _notice(part)
    if not text:
        return []
    copy = _COPY.search(text)
    body = text[: copy.start()] if copy and copy.start() > 40 else text
    intro = _FAILED.search(body)
    delayed = _DELAYED.search(body) or _DELAYED.search(part.header("subject"))
    if not intro and not (
        (delayed and part.header("x-failed-recipients")) or (delayed and _DAEMONS.search(part.header("from")))
    ):
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
            text = part.text(_LONGEST_NOTICE)
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
        yield Report(_read_block(block[1:]), action, block[0])


def _read_block(lines: list[str]) -> Reading:
    text = "\n".join(lines).strip(" \n:")
    return read(text)
