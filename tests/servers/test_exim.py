"""What Exim says is explained right, in both languages: its refusals, and the bounce messages it writes."""

from __future__ import annotations

import contextlib
import smtplib

import pytest

from tests.servers.checks import Bounce, Case, Hasty, check, connected, login, parameters, provoke, say, send, then
from tests.servers.helpers import Sink
from tests.servers.running import Server

FROM = "MAIL FROM:<someone@sender.test>"
TO = "RCPT TO:<user@example.test>"
BIG = "x" * 70 + "\r\n"


def large(smtp: smtplib.SMTP) -> tuple[int, bytes]:
    """Send too much without having said how much it is."""
    say("EHLO client.example.test", FROM, TO)(smtp)
    return smtp.data(BIG * 400)


CASES = [
    Case("unknown user", "mx", send("a@sender.test", "nobody@example.test"), 550, None, "user_unknown", True),
    Case("relay denied", "mx", send("a@sender.test", "a@elsewhere.test"), 550, None, "relay_denied"),
    Case("size in MAIL", "mx", send(text=BIG * 400), 552, None, "message_too_large"),
    Case("size after DATA", "mx", large, 552, None, "message_too_large"),
    Case(
        "too many recipients", "mx", send("a@sender.test", *["user@example.test"] * 4), 452, None, "too_many_recipients"
    ),
    Case("syntax of the sender", "mx", say("EHLO a.test", "MAIL FROM:<a b@sender.test>"), 501, None, None, None),
    Case("sender without domain", "mx", say("EHLO a.test", "MAIL FROM:<someone>"), 501, None, "sender_rejected"),
    Case("recipient without domain", "mx", send("a@sender.test", "user"), 501, None, "address_syntax", True),
    Case(
        "syntax of the recipient", "mx", say("EHLO a.test", FROM, "RCPT TO:<a@b@c>"), 501, None, "address_syntax", True
    ),
    Case("forbidden letters", "mx", send("a@sender.test", "us!er@example.test"), 550, None, "address_syntax", True),
    Case("RCPT before MAIL", "mx", say("EHLO a.test", TO), 503, None, "protocol_error"),
    Case("DATA before RCPT", "mx", say("EHLO a.test", FROM, "DATA"), 503, None, "protocol_error"),
    Case("no HELO", "mx", say(FROM), 503, None, "protocol_error"),
    Case("an invalid HELO", "mx", say("HELO a_b!"), 501, None, "protocol_error"),
    Case("a HELO without name", "mx", say("HELO"), 501, None, "protocol_error"),
    Case("unknown command", "mx", say("EHLO a.test", "XYZZY"), 500, None, "protocol_error"),
    Case("too many unknown commands", "mx", say("EHLO a.test", "X", "Y", "Z", "X"), 500, None, "protocol_error"),
    Case("VRFY is off", "mx", say("EHLO a.test", "VRFY user@example.test"), 252, None, None),
    Case("EXPN is off", "mx", say("EHLO a.test", "EXPN user"), 550, None, "policy"),
    Case("ETRN is off", "mx", say("EHLO a.test", "ETRN example.test"), 458, None, "policy"),
    Case("STARTTLS not offered", "mx", say("EHLO a.test", "STARTTLS"), 503, None, "protocol_error"),
    Case("AUTH not offered", "mx", say("EHLO a.test", "AUTH PLAIN AGEAYg=="), 503, None, "feature_not_supported"),
    Case("TLS required", "encrypted", send(), 550, "5.7.0", "tls_required"),
    Case("sign in first", "accounts", send(), 550, None, "authentication_required"),
    Case("wrong password", "accounts", login("alice", "wrong"), 535, None, "authentication_failed"),
    Case("passwords out of order", "accounts", login("trouble", "secret"), 435, None, "system_busy"),
    Case("unknown way of signing in", "accounts", say("EHLO a.test", "AUTH X"), 504, None, "feature_not_supported"),
    Case("unknown domain of the sender", "mx", send("a@nowhere.test"), 550, None, "sender_rejected"),
    Case("refused recipient", "mx", send("a@sender.test", "forbidden@example.test"), 550, None, "policy"),
    Case("locally blacklisted", "mx", send("a@sender.test", "blacklist@example.test"), 550, None, "policy"),
    Case("greylisted", "mx", send("a@sender.test", "grey@example.test"), 451, None, "greylisted"),
    Case("cannot be checked now", "mx", send("a@sender.test", "later@example.test"), 451, None, "mailbox_busy"),
    Case("too much mail", "few", then(send(), send()), 451, None, "rate_limited"),
    Case("refused with the greeting", "away", send(), 550, None, "too_many_connections"),
    Case("a line too long", "mx", send(text="x" * 1100), 550, None, "content_not_compliant"),
    Case("a broken header", "mx", send(headers="To: <a@b@c>\r\n"), 550, None, "policy"),
    Case("talks too early", "mx", send(), 554, None, "protocol_error", kind=Hasty),
]


@pytest.mark.parametrize("case", parameters(CASES))
def test_what_exim_refuses_is_explained(exim: Server, case: Case) -> None:
    check(provoke(exim.ports[case.service], case.attempt, case.kind), case)


def test_a_second_connection_is_one_too_many(exim: Server) -> None:
    port = exim.ports["one"]
    with contextlib.closing(connected(port)):
        said = provoke(port, send())
    check(said, Case("", "one", send(), 421, None, "too_many_connections"))


BOUNCES = [
    Bounce("unknown@sink.test", "failed", 550, "5.1.1", "user_unknown", True),
    Bounce("full@sink.test", "failed", 552, "5.2.2", "mailbox_full"),
    Bounce("blocked@sink.test", "failed", 554, "5.7.1", "blocklisted"),
    Bounce("old@sink.test", "failed", 550, "5.0.0", "user_unknown", True),
    Bounce("full@example.test", "failed", None, "5.0.0", "mailbox_full"),
    Bounce("nobody@example.test", "failed", None, "5.0.0", "user_unknown", True),
    Bounce("grey@sink.test", "delayed", 450, "4.2.0", "greylisted"),
    Bounce("grey@sink.test", "failed", 450, "4.2.0", "greylisted"),
    Bounce("busy@sink.test", "failed", 452, "4.2.2", "mailbox_full"),
    Bounce("a@closed.test", "failed", None, "5.0.0", "delivery_expired"),
]


@pytest.fixture(scope="module")
def sent(exim: Server, sink: Sink) -> None:
    """Send all messages that will bounce at once, so that their waits are one."""
    for to in sorted({bounce.name for bounce in BOUNCES}):
        assert provoke(exim.ports["relay"], send("someone@sender.test", to)) == {}


@pytest.mark.usefixtures("sent")
@pytest.mark.parametrize("bounce", parameters(BOUNCES))
def test_bounce_of_exim_is_explained(exim: Server, sink: Sink, bounce: Bounce) -> None:
    check(sink.bounce(bounce.name, bounce.action, exim.log), bounce)
