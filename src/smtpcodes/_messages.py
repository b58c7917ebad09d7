"""Take the replies out of a bounce message: RFC 3464 and RFC 6533 reports, and the older forms that are certain.

What is no bounce gives nothing: an ordinary mail, an out-of-office reply, a read receipt, a report of abuse.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from smtpcodes._mime import Part, part_of
from smtpcodes._notices import from_daemon, reports_of_notice
from smtpcodes._reader import Reading, read
from smtpcodes._report import Action, Report

__all__ = ["reports"]

_STATUS_PART = ("message/delivery-status", "message/global-delivery-status")
_DEPTH = 4
_LONGEST_REPORT = 4 * 1024 * 1024
_MOST = 10_000
_MOST_PARTS = 10

_STATUS = re.compile(r"(?<![\w.])([245]\.\d{1,3}\.\d{1,3})(?![\w.])", re.ASCII)
_FIELD = re.compile(r"([A-Za-z][\w-]{1,60})[ \t]*:(.*)", re.DOTALL)
_UNICODE = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")


def reports(message: object) -> list[Report]:
    """Return what a bounce message says, one for each recipient; nothing for any other message."""
    part = part_of(message)
    if part is None:
        return []
    kind = part.parameter("report-type").lower() if part.type == "multipart/report" else ""
    if kind == "disposition-notification" and "rejected" in part.header("auto-submitted"):
        return reports_of_notice(part)  # how Dovecot and Sieve refuse; a receipt says something else
    if kind in ("disposition-notification", "feedback-report"):
        return []
    found: list[Report] = []
    for status in islice(_status_parts(part, 0), _MOST_PARTS):
        found += _of_status(status.text(_LONGEST_REPORT))
    return _with_words(found[:_MOST], part) or reports_of_notice(part)


def _with_words(found: list[Report], part: Part) -> list[Report]:
    """Take the words from the notice where the delivery status has none: so Exim writes what it refuses itself."""
    if not any(_is_wordless(one) for one in found):
        return found
    said = {one.recipient.lower(): one.reading for one in reports_of_notice(part) if one.recipient}
    return [_with_reading(one, said.get((one.recipient or "").lower())) if _is_wordless(one) else one for one in found]


def _is_wordless(report: Report) -> bool:
    reading = report.reading
    return (
        report.action in ("failed", "delayed")
        and not (reading.code or reading.words)
        and (reading.status or ".0.0").endswith(".0.0")
    )


def _with_reading(report: Report, said: Reading | None) -> Report:
    if said is None:
        return report
    return report._replace(reading=said._replace(status=_better(report.reading.status, said.status)))


def _status_parts(part: Part, depth: int, repacked: bool = False) -> Iterator[Part]:
    """Yield the parts with a delivery status; never those inside a message that is only attached.

    repacked: the message is a report that a gateway has put inside another message.
    """
    if part.type in _STATUS_PART:
        yield part
    elif depth < _DEPTH and (part.type.startswith("multipart/") or (repacked and part.type == "message/rfc822")):
        report = part.type == "multipart/report"
        repacked = (
            part.type == "multipart/mixed"
            and part.parameter("report-type").lower() == "delivery-status"
            and not any(child.type in _STATUS_PART for child in part.children())
        )
        certain = report or depth > 0 or from_daemon(part)
        for child in part.children():
            # Some gateways give the status the wrong type, or its header a blank line before it.
            if report and child.type.startswith("text/") and _is_status(child):
                yield child
            elif child.type not in _STATUS_PART or certain:
                yield from _status_parts(child, depth + 1, repacked)


def _is_status(part: Part) -> bool:
    begin = part.text(600).lstrip().lower()
    return begin.startswith("reporting-mta:") or (
        "\nreporting-mta:" in begin and not part.header("content-type") and begin.startswith("content-")
    )


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
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
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
    value = " ".join(value.split()).partition(" (")[0].strip("<> ")
    if value.startswith(('"', "'")) and value.endswith(value[:1]):
        value = value[1:-1]
    if kind.strip().lower() in ("utf-8", "utf8") or "\\x{" in value:
        value = _UNICODE.sub(_letter, value)
    return value or None


def _letter(found: re.Match[str]) -> str:
    number = int(found.group(1), 16)
    return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else found.group()


def _host(field: str) -> str | None:
    return (
        "".join(field.partition(";")[2].split()[:1]).strip("[]().") or None if ";" in field else field.strip() or None
    )
