"""Read the bounce messages of older programs, which are plain text, where that text makes it certain.

Two things must come together: a mail system that wrote the message, and words that say a delivery failed or is late.
Vague words count only where the sender or the subject leaves no doubt.
"""

from __future__ import annotations

import re

from smtpcodes._mime import Part
from smtpcodes._reader import read
from smtpcodes._report import Action, Report

__all__ = ["from_daemon", "reports_of_notice"]

_DEPTH = 4
_LONGEST = 128 * 1024
_TOP = 16 * 1024
_MOST = 10_000
_MOST_PLACES = 8
_LONGEST_REPLY = 4_000

# Lower case, single spaces: so are the texts that they are looked for in.
_DAEMONS = (
    *("daemon", "postmaster", "mail delivery", "mail-delivery", "delivery subsystem", "delivery system", "mmdf"),
    *("mailadmin", "mail administrator", "system administrator", "microsoftexchange", "mail service"),
    *("undeliverable", "noreply-dsn", "smtp-gateway", "smtp_gateway", "smtp_mail_service", "courier mail server"),
)
# How programs begin the list of what failed; a person does not write these.
_FAILED = (
    "i'm afraid i wasn't able to deliver",
    "i wasn't able to deliver your mail",
    "address(es) failed",
    "addresses failed",
    "following address failed",
    "had permanent fatal errors",
    "had permanent delivery errors",
    "had permanent fatal delivery errors",
    "could not be delivered to",
    "cannot be delivered to",
    "could not deliver message to the following",
    "attempting to deliver a message",
    "this is the postfix program at host",
    "delivery to the following recipient failed",
    "delivery to the following recipients failed",
    "delivery has failed to these recipients",
    "did not reach some or all of the intended recipients",
    "did not reach the following recipient",
    "the following recipient(s) could not be reached",
    "the following recipient(s) cannot be reached",
    "able to deliver your message",
    "able to deliver message to the following",
    "undeliverable mail returned to sender",
    "your message could not be delivered",
    "your message couldn't be delivered",
    "your message wasn't delivered",
    "your message was not delivered",
    "your message can't be delivered",
    "your message cannot be delivered",
    "was not delivered to:",
    "message not delivered to the following",
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
    "was automatically rejected:",
    "su mensaje no pudo ser entregado",
    "su mensaje no ha podido ser entregado",
    "votre message n'a pas pu",
    "konnte nicht zugestellt werden",
    "niet worden afgeleverd",
    "niet worden bezorgd",
    "non è stato possibile consegnare",
    "non è stato possibile recapitare",
    "não pôde ser entregue",
    "не может быть доставлено",
    "не удалось доставить",
    "nie mogła zostać dostarczona",
    "您的邮件被退回",
    "邮件无法投递",
)
# These also begin what a person writes, so sender or subject must agree.
_STEMS = ("deliver", "did not receive", "did not reach", "rejected", "returned")
_VAGUE = re.compile(
    r"n[o']t (?:yet )?(?:been |be )?deliver(?:ed|able)|(?:unable|not able|failed|failure) to deliver"
    r"|undeliver(?:able|ed)|deliver\w*(?: \S+){0,6} (?:failed|failure|aborted|problems?)"
    r"|(?:was|has been) (?:rejected|returned because)"
    r"|did not (?:receive this|reach the)"
)
# What the subject of a notice says.
_SUBJECTS = (
    *("undeliver", "failure notice", "returned mail", "delivery fail", "failure delivery", "delivery problem"),
    *("delivery status notification", "mail delivery failed", "message delivery failure", "delivery error"),
    *("not delivered", "could not be delivered", "mail failed", "failed mail", "returning message to sender"),
    *("returned to sender", "non-delivery", "nondeliverable", "non delivery", "not deliverable", "mail returned"),
    *("user unknown", "non remis", "échec de la remise", "échec de remise", "nicht zustellbar", "unzustellbar"),
    *("zustellung fehlgeschlagen", "onbestelbaar", "niet bezorgd", "niet afgeleverd", "kan niet worden bezorgd"),
    *("no se puede entregar", "no entregado", "não entregue", "não é possível entregar", "impossibile recapitare"),
    *("non recapitabile", "mancata consegna", "nie dostarczono", "не доставлено", "недоставлен", "退信", "無法傳遞"),
    *("配信不能", "配信エラー", "系统退信"),
)
_SUCCEEDED = ("success", "has been delivered", "was delivered to")
_DELAYED = (
    "has not yet been delivered",
    "delivery has been delayed",
    "recipients has been delayed",
    "recipient has been delayed",
    "warning: message",
    "warning: could not send message",
    "delivery is delayed",
    "will be retried",
    "will continue trying",
    "will keep trying",
    "still being retried",
    "transient non-fatal errors",
    "delivery status notification (delay)",
    "a message is delayed for more than",
)
# Said only where somebody still tries, whatever else the notice says.
_STILL_TRIED = (
    "this is a warning only",
    "need to resend",
    "has been postponed",
    "attempts will continue",
    "will continue to try",
)
# Where the message that comes back begins. A line break first: so most of a text is passed over at once.
_COPY = re.compile(
    r"\n[ \t>|]{0,4}(?:-{2,} ?(?:below th|this is a copy|original message|message header|the header|"
    r"unsent message|return|start of return|message body|the original|begin|the mail|copy of)|={3,} ?original|"
    r"original message (?:follows|headers?|details|here|attached|as received)|original-message|"
    r"received: (?:from|by|\()|content-type: (?:message/rfc822|text/rfc822-headers)|a summary of the undelivered|"
    r"return-path: |the following is a copy|here is a copy|message headers? follows?|your message reads|"
    r"a copy of the original message|the first \d+ lines of your)",
)
_LABELS = (
    *("to", "recipient", "recipients", "recipient address", "address", "email address", "e-mail address", "user"),
    *("final-recipient", "final recipient", "failed recipient", "original recipient", "empfänger", "ontvanger"),
    *("destinataire", "destinatario", "destinatário", "получатель", "收件人", "收件人邮件地址", "收件人地址", "宛先"),
)
_ADDRESS = r"[^\s<>()\[\]\"',;:]{1,128}@[^\s<>()\[\]\"',;:]{1,255}"
_RECIPIENT_LINE = re.compile(
    rf"[ \t>*]{{0,12}}(?:(?:{'|'.join(_LABELS)})\s{{0,3}}[:：]\s{{0,3}}"
    r"(?:rfc822;\s{0,3})?|c=[^\n@]{0,120}:smtp=)?"  # X.400, as Exchange 5.5 writes it
    rf"[\"'(\[]?<?({_ADDRESS})>?[\"')\]]?"
    r"(?=\s*$|\s*[:;(\[]|\s*\.\.\.|\s+on\s|\s+-\s|\s+\(|\s+[<#])",
    re.IGNORECASE | re.MULTILINE,
)
# A line with nothing but an address behind some label, unless the label names another side of the message.
_LABELLED_LINE = re.compile(
    rf"[ \t>*-]{{0,12}}(?!x-)(?:[^\W_]|[ '’.()/-]){{2,40}}[:：] {{0,8}}[\"'(\[]?<?({_ADDRESS})>?[\"')\]]?[ \t]*$",
    re.MULTILINE,
)
_OTHER_SIDE = re.compile(
    r"from|sender|reply|return|contact|support|admin|help|postmaster|\bid\b|subject|\bcc\b|server|host|\bvon\b|\bvan\b|"
    r"absender|afzender|exp[ée]diteur|remit|отправ|发件",
    re.IGNORECASE,
)
# An address in the middle of a sentence, and whose it cannot be.
_ANY_ADDRESS = re.compile(
    r"(?<![\w.+=-])(?<!ail from )(?<!ail from <)[\w.+=-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}", re.ASCII
)
_STAFF = ("postmaster", "mailer-daemon", "abuse", "support", "helpdesk", "hostmaster", "webmaster", "noc", "admin")
_QMAIL_LINE = re.compile(rf"^<{_ADDRESS}>:[ \t\r]*$", re.MULTILINE)
# What somebody else wrote; `>>>` is the transcript of a program.
_QUOTED = re.compile(r"^[ \t]{0,4}>(?!>).*$", re.MULTILINE)
_ANSWER = re.compile(
    r"\s*(?:re|aw|antw|antwort|sv|vs|odp|rv|tr|fw|fwd|wg|doorst|回复|转发|答复)(?:\[\d+\])?\s?[:：]", re.IGNORECASE
)
# A sentence that says to whom a message could not be delivered.
_NAMED = re.compile(
    r"(?:\b(?:(?:un)?able|failed|failure|not|cannot)|n't)(?:\s+to)?\s+deliver(?:\s+\w+){0,4}\s+to:?"
    rf"\s{{0,9}}<?({_ANY_ADDRESS.pattern})",
    re.IGNORECASE | re.ASCII,
)
_LIST_BELOW = "did not reach the following"
_COMMAND = re.compile(r"\brcpt to:\s?<([^\s<>]{1,128}@[^\s<>]{1,255})>", re.IGNORECASE)
# How the reply of a server begins a line, whatever the language of the rest is.
_REPLY = re.compile(
    r"^[ \t]{0,8}(?:remote server returned )?['\"#<]{0,2}5\d\d[ -]#?5\.\d{1,3}\.\d{1,3}\b", re.IGNORECASE | re.MULTILINE
)


def from_daemon(part: Part) -> bool:
    """Tell whether a mail system wrote the message, not a person."""
    if _is_daemon(part) or part.header("x-failed-recipients") or part.type == "multipart/report":
        return True
    return _is_nobody(part) and "vacation" not in part.header("auto-submitted")


def _is_daemon(part: Part) -> bool:
    sender = part.header("from").lower()
    return any(name in sender for name in _DAEMONS)


def _is_nobody(part: Part) -> bool:
    """Tell whether the envelope sender is empty, as that of every bounce, or the name that stands for it."""
    path = part.header("return-path").replace(" ", "").lower()
    return path == "<>" or path.startswith("<mailer-daemon")


def reports_of_notice(part: Part) -> list[Report]:
    """Return what a plain-text notice says, one for each recipient; nothing if it is not certainly a bounce."""
    if not from_daemon(part) or part.header("x-autoreply") or part.header("x-autorespond"):
        return []
    named = [one.strip(" <>\t") for one in part.header("x-failed-recipients").split(",") if "@" in one][:_MOST]
    subject = _subject(part)
    if not named and _ANSWER.match(subject) and not (_is_nobody(part) and _is_daemon(part)):
        return []
    text = _notice(part)
    copy = _COPY.search("\n" + _lowered(text))
    body = text[: copy.start()] if copy and copy.start() > 40 else text
    if "\n> " in body:
        body = _QUOTED.sub("", body)
    flat, subject = _flat(body[:_TOP]), _flat(subject)
    failed, delayed = _first(_FAILED, flat), _first(_DELAYED, flat)
    still = _first(_STILL_TRIED, flat) >= 0
    late = still or delayed >= 0 or _first(_DELAYED, subject) >= 0
    # Whoever writes in another language names the address all the same, and below it what the server said.
    certain = failed >= 0 or (late and (bool(named) or _is_daemon(part)))
    if not certain:
        failed = _vague(part, subject, flat, body)
        certain = failed >= 0
    if not certain and not (_is_daemon(part) and _REPLY.search(body)):
        return []
    action: Action = "delayed" if still or (late and not 0 <= failed < max(delayed, 1)) else "failed"
    begin = min((place for place in (failed, delayed) if place >= 0), default=0)
    wanted = {one.lower() for one in named}
    found = _listed(body, _place(body, flat, begin), action, wanted)
    if not certain:
        return [one for one in found if one.reading.code and one.reading.code >= 500][:_MOST]
    if not found and begin and _LIST_BELOW not in flat:
        # Exchange shows there to whom the message went, which its sender may have been too.
        own = part.header("to").lower()
        found = [one for one in _listed(body, 0, action, wanted) if (one.recipient or "").lower() not in own]
    if not found and not named:
        named = list(dict.fromkeys(_COMMAND.findall(body)))[:_MOST] or _only(body, part)
    seen = {(one.recipient or "").lower() for one in found}
    missing = [one for one in named if one.lower() not in seen]
    # One recipient: all that is said is about that one.
    if len(found) == 1 and not missing and not (found[0].reading.code or found[0].reading.status):
        whole = read(body)
        if not (whole.code or found[0].reading.words):
            whole = read(_above(body, found[0].recipient or ""))
        found = [found[0]._replace(reading=whole)] if whole.code or not found[0].reading.words else found
    if missing:
        reading = read(body if len(missing) == 1 and not found else "")
        found += [Report(reading, action, one) for one in missing]
    return found[:_MOST]


def _vague(part: Part, subject: str, flat: str, body: str) -> int:
    """Return where vague words say that a delivery failed, 0 where only the subject does; -1 if it is not certain."""
    told = _first(_SUBJECTS, subject) >= 0 and (
        _is_daemon(part) or (_is_nobody(part) and (_COMMAND.search(body) or _REPLY.search(body)) is not None)
    )
    strict = "daemon" in part.header("from").lower() or (_is_nobody(part) and _is_daemon(part))
    if not told and not strict:
        return -1
    for stem in _STEMS:
        place = flat.find(stem)
        for _ in range(_MOST_PLACES):
            if place < 0:
                break
            if found := _VAGUE.search(flat, max(0, place - 30), place + 90):
                return found.start()
            place = flat.find(stem, place + 1)
    if _first(_SUCCEEDED, subject) >= 0 or _first(_SUCCEEDED, flat) >= 0:
        return -1
    return 0 if told or (strict and _QMAIL_LINE.search(body)) else -1


def _subject(part: Part) -> str:
    subject = part.header("subject")
    if "=?" in subject:
        from email.header import decode_header, make_header

        try:
            return str(make_header(decode_header(subject)))
        except Exception:  # the standard library raises what it likes for broken words
            pass
    return subject


def _flat(text: str) -> str:
    return " ".join(text.lower().split())


def _lowered(text: str) -> str:
    """Return a text in lower case that is as long: where a letter would grow, only the letters of ASCII change."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = text.encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")
    return lowered


def _first(phrases: tuple[str, ...], text: str) -> int:
    """Return where one of the phrases stands, else -1."""
    return next((place for phrase in phrases if (place := text.find(phrase)) >= 0), -1)


def _place(text: str, flat: str, begin: int) -> int:
    """Return where in a text the word stands that stands at `begin` in its flat form."""
    count = flat.count(" ", 0, begin)
    return len(text) - len(text.split(None, count)[-1]) if count else 0


def _notice(part: Part) -> str:
    """Return the text of the message, or of its first part that is text."""
    for _ in range(_DEPTH + 1):
        if part.type.startswith("text/") or part.type == "message/delivery-status":
            text = part.text(_LONGEST).replace("\r\n", "\n")
            return _without_tags(text) if part.type == "text/html" else text
        child = next(part.children(), None) if part.type.startswith("multipart/") else None
        if child is None:
            return ""
        part = child
    return ""


def _without_tags(text: str) -> str:
    import html

    text = re.sub(r"<(?:br|/p|/div|/tr|/h\d|/li)[^>]{0,200}>", "\n", text, flags=re.IGNORECASE)
    return html.unescape(re.sub(r"<(?![^<>@\s]{1,128}@)[^<>]{0,2000}>", " ", text))


def _listed(text: str, begin: int, action: Action, named: set[str]) -> list[Report]:
    """Return a report for each line that begins with an address; what follows it, up to the next, is its reply.

    begin: where the list can begin. Where no line begins with an address, one that ends with it counts.
    """
    found = _lines(text, begin, _RECIPIENT_LINE) or [
        line for line in _lines(text, begin, _LABELLED_LINE) if not _OTHER_SIDE.search(line.group(), 0)
    ]
    if named and found:
        found = [one for one in found if one is found[0] or _address(one).lower() in named]
    blocks: dict[str, list[str]] = {}
    ends = [one.start() for one in found[1:]]
    for one, end in zip(found, [*ends, len(text)], strict=False):
        said = text[one.end() : min(end, one.end() + _LONGEST_REPLY)]
        if one.re is _LABELLED_LINE:
            said = one.group().partition(":")[0] + said
        blocks.setdefault(_address(one).lower(), [_address(one)]).append(said)
    return [Report(read("\n".join(said).strip(" \r\n:")), action, address) for address, *said in blocks.values()]


def _lines(text: str, begin: int, pattern: re.Pattern[str]) -> list[re.Match[str]]:
    """Return the lines that match; only those with an address are looked at."""
    found: list[re.Match[str]] = []
    at = text.find("@", begin)
    while at >= 0 and len(found) < _MOST:
        start = max(text.rfind("\n", 0, at) + 1, begin)
        if one := pattern.match(text, start):
            found.append(one)
        end = text.find("\n", at)
        at = text.find("@", end) if end >= 0 else -1
    return found


def _address(line: re.Match[str]) -> str:
    return line.group(1).strip(".")


def _above(text: str, address: str) -> str:
    """Return the lines right above an address, up to a blank one."""
    return re.split(r"\n[ \t]*\n", text.rpartition(address)[0])[-1].strip("*< \n")


def _only(text: str, part: Part) -> list[str]:
    """Return the address that a sentence names as the recipient's, else the only one that can be a recipient's."""
    own = {one.lower() for name in ("from", "to", "reply-to") for one in _ANY_ADDRESS.findall(part.header(name))}
    for pattern in (_NAMED, _ANY_ADDRESS):
        found = {one.lower(): one for one in pattern.findall(text)}
        others = [one for key, one in found.items() if key not in own and key.partition("@")[0] not in _STAFF]
        if len(others) == 1:
            return others
    return []
