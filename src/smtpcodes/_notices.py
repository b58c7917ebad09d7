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
    *("undeliverable", "noreply-dsn", "mmdf", "smtp-gateway", "courier mail server"),
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
    "had permanent fatal delivery errors",
    "message could not be delivered to",
    "message cannot be delivered to",
    "message to the following recipients cannot be delivered",
    "could not deliver message to the following",
    "an error has occurred while attempting to deliver a message",
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
    "您的邮件被退回",
    "邮件无法投递",
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
    "list of recipients has been delayed",
    "a message is delayed for more than",
    "you do not need to resend",
)
_COPY = re.compile(
    r"^[ \t>]{0,4}(?:-{2,} ?(?:below this line|this is a copy|original message|message header|the header|"
    r"unsent message|return(?:ed)? message|message body|the original|begin)|={3,} ?original|"
    r"original message (?:follows|headers?)|original-message|received: (?:from|by)\b|return-path: |"
    r"the following is a copy|message headers? follows?)",
    re.IGNORECASE | re.MULTILINE,
)
_LABELS = (
    *("to", "recipient", "recipients", "recipient address", "address", "email address", "e-mail address", "user"),
    *("final-recipient", "final recipient", "failed recipient", "original recipient", "empfänger", "ontvanger"),
    *("destinataire", "destinatario", "destinatário", "получатель", "收件人", "收件人邮件地址", "收件人地址", "宛先"),
)
_RECIPIENT_LINE = re.compile(
    rf"[ \t>*]{{0,12}}(?:(?:{'|'.join(_LABELS)})\s{{0,3}}[:：]\s{{0,3}}"
    r"(?:rfc822;\s{0,3})?)?"
    r"[\"'(\[]?<?([^\s<>()\[\]\"',;:]{1,128}@[^\s<>()\[\]\"',;:]{1,255})>?[\"')\]]?"
    r"(?=\s*$|\s*[:;(\[]|\s*\.\.\.|\s+on\s|\s+-\s|\s+\(|\s+[<#])",
    re.IGNORECASE,
)
# What somebody else wrote; `>>>` is the transcript of a program.
_QUOTED = re.compile(r"^[ \t]{0,4}>(?!>).*$", re.MULTILINE)
_ANSWER = re.compile(
    r"\s*(?:re|aw|antw|antwort|sv|vs|odp|rv|tr|fw|fwd|wg|doorst|回复|转发|答复)(?:\[\d+\])?\s?[:：]", re.IGNORECASE
)
_COMMAND = re.compile(r"\brcpt to:\s?<([^\s<>]{1,128}@[^\s<>]{1,255})>", re.IGNORECASE)
# How the reply of a server begins a line, whatever the language of the rest is.
_REPLY = re.compile(
    r"^[ \t]{0,8}(?:remote server returned )?['\"#<]{0,2}5\d\d[ -]#?5\.\d{1,3}\.\d{1,3}\b", re.IGNORECASE | re.MULTILINE
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
    named = [one.strip(" <>\t") for one in part.header("x-failed-recipients").split(",") if "@" in one][:_MOST]
    if not named and _ANSWER.match(part.header("subject")):
        return []
    text = _notice(part)
    copy = _COPY.search(text)
    body = text[: copy.start()] if copy and copy.start() > 40 else text
    if "\n> " in body:
        body = _QUOTED.sub("", body)
    flat = _flat(body[:_TOP])
    failed, delayed = _first(_FAILED, flat), _first(_DELAYED, flat)
    late = delayed >= 0 or _first(_DELAYED, _flat(part.header("subject"))) >= 0
    # Whoever writes in another language names the address all the same, and below it what the server said.
    certain = failed >= 0 or (late and (bool(named) or _is_daemon(part)))
    if not certain and not (_is_daemon(part) and _REPLY.search(body)):
        return []
    action: Action = "delayed" if late and not 0 <= failed < max(delayed, 1) else "failed"
    begin = min((place for place in (failed, delayed) if place >= 0), default=0)
    wanted = {one.lower() for one in named}
    found = list(_listed(body, flat[:begin].count(" "), action, wanted)) if "@" in body else []
    if not certain:
        return [one for one in found if one.reading.code and one.reading.code >= 500][:_MOST]
    if not found and begin:
        found = list(_listed(body, 0, action, wanted))
    if not found and not named:
        named = list(dict.fromkeys(_COMMAND.findall(body)))[:_MOST]
    seen = {(one.recipient or "").lower() for one in found}
    missing = [one for one in named if one.lower() not in seen]
    # One recipient: all that is said is about that one.
    reading = read(body if len(missing) == 1 and not found else "")
    return (found + [Report(reading, action, one) for one in missing])[:_MOST]


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
    """Yield a report for each line that begins with an address; what follows it, up to the next, is its reply.

    begin: so many words come before the list.
    """
    words, counted, place = 0, 0, 0
    current: list[str] = []
    recipient: str | None = None
    blocks: dict[str, list[str]] = {}
    for line in text.splitlines(keepends=True):
        place += len(line)
        found = _RECIPIENT_LINE.match(line) if "@" in line else None
        if found and words <= begin:
            words += len(text[counted:place].split())
            counted = place
            if words <= begin:
                continue
        line = line.rstrip("\r\n")
        address = found.group(1).strip(".") if found else ""
        if found and (not named or address.lower() in named or recipient is None):
            recipient = address
            current = blocks.setdefault(address.lower(), [address])
            current.append(line[found.end() :])
        elif recipient is not None and len(current) < 60:
            current.append(line)
    for block in blocks.values():
        yield Report(read("\n".join(block[1:]).strip(" \n:")), action, block[0])
