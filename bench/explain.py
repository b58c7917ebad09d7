"""Measure `explain`: replies, ten times the rows, bounce messages, longer input, and a million hostile inputs."""

from __future__ import annotations

import email
import random
import statistics
from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Any
from unittest import mock

ROWS = 300

_PIECES = (
    *("550", "5.1.1", "421-4.7.0", "#5.1.0", "(#5.7.1)", "smtp;", "said:", "<anna@example.com>", "[192.0.2.1]"),
    *("\r\n", " ", " ", " ", "-", ":", "<<<", ">>>", "\n\n", "--b\n", "é", "\x00", "\ud800", "邮箱已满", "- gsmtp"),
    *("https://example.com/550", "User unknown", "mailbox full", "try again in 5 minutes", "blocked using"),
    *("zen.spamhaus.org", "Action: failed\n", "Status: 5.1.1\n", "Final-Recipient: rfc822; a@b.nl\n"),
    *("From: MAILER-DAEMON@x\n", "Content-Type: multipart/report; boundary=b\n"),
)


def measure(show: Callable[[str, str], None]) -> None:
    """Print the figures of `explain`."""
    import smtpcodes
    from smtpcodes._records import load

    start = perf_counter()
    smtpcodes.explain("550 5.1.1 User unknown", "nl")
    show("first explanation in Dutch, with all loading", f"{(perf_counter() - start) * 1000:.0f} ms")

    rows = load("explain")["diagnostics"]
    replies = [row["sample"] for row in rows[:ROWS]]
    few, many = _explainer(rows, ROWS), _explainer(rows, 10 * ROWS)
    times: dict[str, list[float]] = {"few": [], "many": []}
    for _ in range(15):  # interleaved, so that a busy moment hits both alike
        times["few"].append(_per_item(few.explain, replies))
        times["many"].append(_per_item(many.explain, replies))
    once, tenfold = statistics.median(times["few"]), statistics.median(times["many"])
    show(f"a reply, {ROWS} rows", f"{once * 1e6:.1f} µs")
    show(f"a reply, {10 * ROWS} rows", f"{tenfold * 1e6:.1f} µs")
    show("a reply, ten times the rows / once", f"{tenfold / once:.2f}")

    messages = {f"a bounce message of {size / 1000:.0f} kB": _bounce(size) for size in (2_000, 50_000, 5_000_000)}
    messages |= {f"a plain-text notice of {size / 1000:.0f} kB": _notice(size) for size in (1_000, 4_000)}
    for name, message in messages.items():
        ours = statistics.median(_per_item(smtpcodes.explain_message, [message]) for _ in range(9))
        parse = statistics.median(_per_item(email.message_from_bytes, [message]) for _ in range(9))
        show(f"{name}, explained", f"{ours * 1000:.2f} ms")
        show(f"{name}, explained / parsed by the standard library", f"{ours / parse:.2f}")

    line = "550 5.1.1 <anna@example.com>: user 192.0.2.1 https://example.com/ unknown; "
    short, long = (
        statistics.median(_per_item(smtpcodes.explain, [line * count]) for _ in range(15)) for count in (20, 200)
    )
    show("a reply ten times as long / once", f"{long / short:.1f}")


def fuzz(show: Callable[[str, str], None], inputs: int = 1_000_000) -> None:
    """Feed random and hostile replies and messages; none may raise."""
    import smtpcodes

    chance = random.Random(550)
    start = perf_counter()
    for number in range(inputs):
        text = "".join(chance.choice(_PIECES) for _ in range(chance.randrange(30)))
        if number % 3 == 0:
            text = "".join(chr(chance.randrange(0x3000)) for _ in range(chance.randrange(60))) + text
        if number % 4 == 0:
            smtpcodes.explain_message(text)
        else:
            smtpcodes.explain(text.encode("utf-8", "surrogatepass") if number % 2 else text, "nl")
    show(f"{inputs:,} random inputs, none raised", f"{perf_counter() - start:.0f} s")


def _explainer(rows: Sequence[dict[str, Any]], count: int) -> Any:
    """Return an explainer with so many rows: those there are, then variations of them."""
    import smtpcodes
    from smtpcodes import _records

    varied = [
        {**row, "id": f"{row['id']}_{number}", "match": [f"{fragment} {number}" for fragment in row["match"]]}
        for number in range(1, count // len(rows) + 2)
        for row in rows
    ]
    data = {**_records.load("explain"), "diagnostics": [*rows, *varied][:count]}
    with mock.patch.object(_records, "load", return_value=data):
        return smtpcodes.Explainer()


def _per_item(call: Callable[[Any], object], items: Sequence[Any]) -> float:
    start = perf_counter()
    for item in items:
        call(item)
    return (perf_counter() - start) / len(items)


def _notice(size: int) -> bytes:
    """Return a bounce message of about so many bytes without a delivery status, as qmail writes it."""
    received = (
        b"Received: from mx.example.org (mx.example.org [192.0.2.9])\n\tby mx.example.net with ESMTP; 1 Nov 2026\n"
    )
    return (
        b"Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.net\nTo: anna@example.org\nSubject: failure notice\n\n"
        b"Hi. This is the qmail-send program at mx.example.net.\n"
        b"I'm afraid I wasn't able to deliver your message to the following addresses.\n"
        b"This is a permanent error; I've given up. Sorry it didn't work out.\n\n"
        b"<bob@example.com>:\n192.0.2.1 does not like recipient.\n"
        b"Remote host said: 550 5.1.1 <bob@example.com>: Recipient address rejected: User unknown\n"
        b"Giving up on 192.0.2.1.\n\n--- Below this line is a copy of the message.\n\n"
        + received * (max(size - 700, 0) // len(received))
        + b"From: anna@example.org\nSubject: Hello\n\nHello Bob\n"
    )


def _bounce(size: int) -> bytes:
    """Return a bounce message of about so many bytes; what makes it long is the message that comes back."""
    body = b"Lorem ipsum dolor sit amet, consectetur adipiscing elit.\n" * (max(size - 1_200, 0) // 57)
    return (
        b"Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.net (Mail Delivery System)\nTo: anna@example.org\n"
        b"Subject: Undelivered Mail Returned to Sender\nMIME-Version: 1.0\n"
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="b1/mx.example.net"\n\n'
        b"--b1/mx.example.net\nContent-Type: text/plain\n\nThis is the mail system at mx.example.net.\n\n"
        b"<bob@example.com>: host mx.example.com[192.0.2.1] said: 550 5.1.1 User unknown\n\n"
        b"--b1/mx.example.net\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.net\n\n"
        b"Final-Recipient: rfc822; bob@example.com\nAction: failed\nStatus: 5.1.1\nRemote-MTA: dns; mx.example.com\n"
        b"Diagnostic-Code: smtp; 550 5.1.1 <bob@example.com>: Recipient address rejected: User unknown\n\n"
        b"--b1/mx.example.net\nContent-Type: message/rfc822\n\nFrom: anna@example.org\nSubject: Hello\n\n"
        + body
        + b"\n--b1/mx.example.net--\n"
    )
