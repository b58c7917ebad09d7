"""All the words of the package: what the tests on texts read."""

import socket
import ssl
from collections.abc import Iterator

import smtpcodes
from smtpcodes import Record
from smtpcodes._records import load

TEXT_FIELDS = ("title", "short", "meaning", "outcome", "outcome_unqueued", "text")
GIVEN_UP = b"""\
From: MAILER-DAEMON@example.net
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; bob@example.com
Action: failed
Status: 4.4.1
--b--
"""
NOT_REACHED = (
    TimeoutError("timed out"),
    socket.gaierror(-2, "Name or service not known"),
    ssl.SSLCertVerificationError(1, "certificate verify failed"),
    ssl.SSLError(1, "WRONG_VERSION_NUMBER"),
)
LIST_FIELDS = ("for_sender", "for_recipient", "for_sender_admin", "for_recipient_admin")


def records() -> list[Record]:
    """Return every record of the package, in English."""
    return [
        *smtpcodes.labels(),
        *smtpcodes.bounces(),
        *smtpcodes.classes(),
        *smtpcodes.subjects(),
        *smtpcodes.reasons(),
        *smtpcodes.replies(),
        *(smtpcodes.lookup(code) for status in smtpcodes.statuses() for code in (status.pattern, *status.codes)),
        *smtpcodes.diagnostics(),
        *(smtpcodes.explain(row.sample) for row in smtpcodes.diagnostics()),
        *(smtpcodes.explain(reply) for reply in ("no code", "550 4.4.7 a contradiction", "550 5.7.999 not registered")),
        *smtpcodes.explain_message(GIVEN_UP),
        *(one for error in NOT_REACHED for one in smtpcodes.explain_exception(error)),
    ]


def name(record: Record) -> str:
    """Name a record for a message."""
    key = next((getattr(record, field) for field in ("code", "name", "id") if hasattr(record, field)), "")
    return f"{type(record).__name__} {key}"


def texts(record: Record) -> Iterator[tuple[str, str]]:
    """Yield field and text of everything a reader sees of a record, nested records included."""
    for field in TEXT_FIELDS:
        if field == "text" and isinstance(record, smtpcodes.Explanation):
            continue  # what the server said, in its own words
        value = getattr(record, field, None)
        if isinstance(value, str):
            yield field, value
    for field in LIST_FIELDS:
        for number, step in enumerate(getattr(record, field, ()), 1):
            yield f"{field} {number}", step
    for field in ("notes", "values", "senses"):
        for number, part in enumerate(getattr(record, field, ()), 1):
            for inner, text in texts(part):
                yield f"{field} {number}, {inner}", text


def english_texts() -> set[str]:
    """Return every English text of the package, with those that a row says only in a class its sample has not."""
    rows = load("explain")["rows"].values()
    own = {step for row in rows for part in row.values() for field in LIST_FIELDS for step in part.get(field, ())}
    return {text for record in records() for _, text in texts(record)} | own
