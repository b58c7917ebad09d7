"""What Postfix says is explained right, in both languages: its refusals, and the bounce messages it writes."""

from __future__ import annotations

import contextlib
import smtplib

import pytest

from tests.servers.checks import (
    Bounce,
    Case,
    Hasty,
    check,
    connected,
    login,
    parameters,
    provoke,
    say,
    send,
    starttls,
    then,
)
from tests.servers.helpers import Sink
from tests.servers.running import PATIENCE, Server

FROM = "MAIL FROM:<someone@sender.test>"
TO = "RCPT TO:<user@example.test>"
BIG = "x" * 70 + "\r\n"


def large(smtp: smtplib.SMTP) -> tuple[int, bytes]:
    """Send too much without having said how much it is."""
    say("EHLO client.example.test", FROM, TO)(smtp)
    return smtp.data(BIG * 400)


CASES = [
    Case("unknown user", "mx", send("a@sender.test", "nobody@example.test"), 550, "5.1.1", "user_unknown", True),
    Case(
        "unknown local user",
        "mx",
        send("a@sender.test", "nobody@local.example.test"),
        550,
        "5.1.1",
        "user_unknown",
        True,
    ),
    Case(
        "unknown relay user",
        "mx",
        send("a@sender.test", "nobody@relay.example.test"),
        550,
        "5.1.1",
        "user_unknown",
        True,
    ),
    Case("relay denied", "mx", send("a@sender.test", "a@elsewhere.test"), 554, "5.7.1", "relay_denied"),
    Case("size in MAIL", "mx", send(text=BIG * 400), 552, "5.3.4", "message_too_large"),
    Case("size after DATA", "mx", large, 552, "5.3.4", "message_too_large"),
    Case(
        "too many recipients",
        "mx",
        send("a@sender.test", *["user@example.test"] * 3, "full@example.test"),
        452,
        "4.5.3",
        "too_many_recipients",
    ),
    Case("syntax", "mx", say("EHLO a.test", "MAIL FROM:<someone@[sender>"), 501, "5.1.7", "sender_rejected"),
    Case("syntax of a command", "mx", say("EHLO a.test", "MAIL"), 501, "5.5.4", "protocol_error"),
    Case(
        "syntax of a recipient",
        "mx",
        say("EHLO a.test", FROM, "RCPT TO:<user@[example>"),
        501,
        "5.1.3",
        "address_syntax",
        True,
    ),
    Case("RCPT before MAIL", "mx", say("EHLO a.test", TO), 503, "5.5.1", "protocol_error"),
    Case("DATA before RCPT", "mx", say("EHLO a.test", FROM, "DATA"), 554, "5.5.1", "protocol_error"),
    Case("no HELO", "mx", say(FROM), 503, "5.5.1", "protocol_error"),
    Case("a HELO without name", "mx", say("HELO"), 501, None, "protocol_error"),
    Case("an invalid HELO", "strict", say("HELO a..b"), 501, "5.5.2", "protocol_error"),
    Case("a short HELO", "strict", say("HELO client"), 504, "5.5.2", "protocol_error"),
    Case("unknown command", "mx", say("EHLO a.test", "XYZZY"), 500, "5.5.2", "protocol_error"),
    Case("VRFY is off", "mx", say("EHLO a.test", "VRFY user"), 502, "5.5.1", "protocol_error"),
    Case("too many errors", "strict", say("EHLO a.test", "X", "Y", "Z", "X"), 421, "4.7.0", "protocol_error"),
    Case("TLS required", "encrypted", send(), 530, "5.7.0", "tls_required"),
    Case("TLS out of order", "encrypted", starttls, 454, "4.7.0", "tls_unavailable"),
    Case(
        "a password without TLS", "mx", say("EHLO a.test", "AUTH PLAIN AGEAYg=="), 503, "5.5.1", "feature_not_supported"
    ),
    Case("wrong password", "accounts", login("alice", "wrong"), 535, "5.7.8", "authentication_failed"),
    Case("unknown way of signing in", "accounts", say("EHLO a.test", "AUTH X"), 535, "5.7.8", "authentication_failed"),
    Case("sign in first", "accounts", send("alice@example.test"), 553, "5.7.1", "authentication_required"),
    Case(
        "somebody else's address",
        "accounts",
        then(login("alice", "secret"), send("bob@example.test")),
        553,
        "5.7.1",
        "sender_rejected",
    ),
    Case("unknown domain of the sender", "mx", send("a@nowhere.test"), 550, "5.1.8", "sender_rejected"),
    Case("sender without domain", "mx", send("someone"), 504, "5.5.2", "sender_rejected"),
    Case("recipient without domain", "mx", send("a@sender.test", "user"), 504, "5.5.2", "address_syntax", True),
    Case("refused sender", "mx", send("spammer@sender.test"), 554, "5.7.1", "sender_rejected"),
    Case("refused recipient", "mx", send("a@sender.test", "forbidden@example.test"), 554, "5.7.1", "policy"),
    Case("greylisted", "mx", send("a@sender.test", "grey@example.test"), 450, "4.2.0", "greylisted"),
    Case("refused by policy for now", "mx", send("a@sender.test", "later@example.test"), 450, "4.7.1", "policy"),
    Case("policy server away", "policy", send(), 451, "4.3.5", "local_error"),
    Case("refused client", "refused", send(), 554, "5.7.1", "policy"),
    Case("full disk", "disk", send(), 452, "4.3.1", "system_full"),
    Case(
        "too much mail", "few", then(send("a@sender.test", "user@example.test"), send()), 450, "4.7.1", "rate_limited"
    ),
    Case(
        "too many names",
        "names",
        send("a@sender.test", *["user@example.test"] * 2, "full@example.test"),
        450,
        "4.7.1",
        "rate_limited",
    ),
    Case(
        "too many sign-ins",
        "logins",
        say("EHLO a.test", "AUTH PLAIN AGEAYg==", "AUTH PLAIN AGEAYg=="),
        450,
        "4.7.1",
        "rate_limited",
    ),
    Case("mail loop", "mx", send(headers="Received: by here\r\n" * 60), 554, "5.4.0", "routing_loop"),
    Case("first contact", "first", send(), 450, "4.3.2", "system_busy"),
    Case("refused at the greeting", "greeter", send(), 521, "5.3.2", "policy"),
    Case("talks too early", "hasty", send(), 521, "5.5.1", "protocol_error", kind=Hasty),
]


@pytest.mark.parametrize("case", parameters(CASES))
def test_what_postfix_refuses_is_explained(postfix: Server, case: Case) -> None:
    check(provoke(postfix.ports[case.service], case.attempt, case.kind), case)


def test_a_second_connection_is_one_too_many(postfix: Server) -> None:
    port = postfix.ports["one"]
    with contextlib.closing(connected(port)):
        said = provoke(port, send())
    check(said, Case("", "one", send(), 421, "4.7.0", "too_many_connections"))


def test_a_server_that_is_not_there_is_no_bad_address(postfix: Server) -> None:
    with pytest.raises(OSError, match="refused") as caught:
        smtplib.SMTP("127.0.0.1", 1, local_hostname="client.example.test", timeout=PATIENCE)
    check(caught.value, Case("", "", send(), None, None, "connection_lost"))


BOUNCES = [
    Bounce("unknown@sink.test", "failed", 550, "5.1.1", "user_unknown", True),
    Bounce("full@sink.test", "failed", 552, "5.2.2", "mailbox_full"),
    Bounce("blocked@sink.test", "failed", 554, "5.7.1", "blocklisted"),
    Bounce("old@sink.test", "failed", 550, "5.0.0", "user_unknown", True),
    Bounce("nobody@example.test", "failed", None, "5.1.1", "user_unknown", True),
    Bounce("grey@sink.test", "delayed", 450, "4.2.0", "greylisted"),
    Bounce("grey@sink.test", "failed", 450, "4.2.0", "greylisted"),
    Bounce("busy@sink.test", "failed", 452, "4.2.2", "mailbox_full"),
    Bounce("slow@sink.test", "delayed", 421, "4.7.0", "too_many_connections"),
    Bounce("a@closed.test", "delayed", None, "4.4.1", "connection_lost"),
    Bounce("a@closed.test", "failed", None, "4.4.1", "connection_lost"),
]


@pytest.fixture(scope="module")
def sent(postfix: Server, sink: Sink) -> None:
    """Send all messages that will bounce at once, so that their waits are one."""
    for to in sorted({bounce.name for bounce in BOUNCES}):
        assert provoke(postfix.ports["relay"], send("someone@sender.test", to)) == {}


@pytest.mark.usefixtures("sent")
@pytest.mark.parametrize("bounce", parameters(BOUNCES))
def test_bounce_of_postfix_is_explained(postfix: Server, sink: Sink, bounce: Bounce) -> None:
    check(sink.bounce(bounce.name, bounce.action, postfix.log), bounce)
