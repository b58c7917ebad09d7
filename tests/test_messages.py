# ruff: noqa: E501 - what servers and programs write is as long as it is
"""A bounce message is explained for every recipient; anything else is not a bounce."""

import base64
import email
import email.policy
import time

import pytest

import smtpcodes

POLICIES = (email.policy.compat32, email.policy.default)


def report(*recipients: str, kind: str = "delivery-status", status: str = "message/delivery-status") -> bytes:
    blocks = "\n\n".join(recipients)
    return f"""\
Return-Path: <>
From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
To: anna@example.org
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type={kind};
\tboundary="9F1C.17/mx.example.net"

This is a MIME-encapsulated message.

--9F1C.17/mx.example.net
Content-Type: text/plain; charset=us-ascii

Your message could not be delivered.

--9F1C.17/mx.example.net
Content-Type: {status}

Reporting-MTA: dns; mx.example.net
Arrival-Date: Mon, 23 Nov 2026 10:00:00 +0100 (CET)

{blocks}

--9F1C.17/mx.example.net
Content-Type: message/rfc822

From: anna@example.org
To: bob@example.com
Subject: 550 5.1.1

Hello

--9F1C.17/mx.example.net--
""".encode()


FAILED = """\
Final-Recipient: rfc822; bob@example.com
Original-Recipient: rfc822;info@example.com
Action: failed
Status: 5.0.0
Remote-MTA: dns; mx.example.com
Diagnostic-Code: smtp; 550 5.1.1 <bob@example.com>: Recipient
    address rejected: xyzzy"""
DELAYED = """\
Final-Recipient: rfc822; carol@example.com
Action: delayed
Status: 4.4.1
Will-Retry-Until: Sat, 28 Nov 2026 10:00:00 +0100 (CET)"""
EXPIRED = """\
Final-Recipient: rfc822; dave@example.com
Action: failed
Status: 4.2.2
Diagnostic-Code: smtp; 452 4.2.2 xyzzy"""


@pytest.mark.parametrize("form", ["bytes", "crlf", "str", "message", "modern message", "mbox"])
def test_report_gives_every_recipient_with_all_that_stands_there(form):
    raw = report(FAILED, DELAYED, EXPIRED)
    message = {
        "bytes": lambda: raw,
        "crlf": lambda: raw.replace(b"\n", b"\r\n"),
        "str": lambda: raw.decode(),
        "message": lambda: email.message_from_bytes(raw),
        "modern message": lambda: email.message_from_bytes(raw, policy=email.policy.default),
        "mbox": lambda: b"From MAILER-DAEMON Mon Nov 23 10:00:00 2026\n" + raw,
    }[form]()
    failed, delayed, expired = smtpcodes.explain_message(message, "nl")
    assert (failed.recipient, failed.original_recipient) == ("bob@example.com", "info@example.com")
    assert (failed.action, failed.code, failed.status, failed.remote) == ("failed", 550, "5.1.1", "mx.example.com")
    assert (failed.reason, failed.bounce, failed.suppress, failed.language) == ("user_unknown", "hard", True, "nl")
    assert (delayed.recipient, delayed.action, delayed.bounce, delayed.retry, delayed.queued) == (
        "carol@example.com",
        "delayed",
        "soft",
        "automatic",
        True,
    )
    assert (expired.action, expired.severity, expired.bounce, expired.retry) == ("failed", "transient", "hard", "later")
    assert any(note.source == "RFC 3464 §2.3.3" for note in expired.notes)
    assert expired.outcome != smtpcodes.explain("452 4.2.2 xyzzy", "nl").outcome


def test_internationalized_report():
    block = "Final-Recipient: utf-8; j\\x{F6}rg@example.com\nOriginal-Recipient: utf-8;jörg@example.com\nAction: failed\nStatus: 5.1.1"
    raw = report(block, status="message/global-delivery-status")
    forms = [raw, *(email.message_from_bytes(raw, policy=policy) for policy in POLICIES)]
    encoded = block.replace("=", "=3D").replace("jörg", "j=C3=B6rg")
    kind = "message/global-delivery-status\nContent-Transfer-Encoding: quoted-printable"
    forms.append(email.message_from_bytes(report(encoded, status=kind)))
    for message in forms:
        (found,) = smtpcodes.explain_message(message)
        assert (found.recipient, found.original_recipient) == ("jörg@example.com", "jörg@example.com")


@pytest.mark.parametrize(
    ("charset", "words"), [("iso-8859-1", "Boîte pleine"), ("koi8-r", "Почтовый ящик переполнен"), ("", "邮箱已满")]
)
def test_charset_of_a_notice_is_decoded_once(charset, words):
    kind = f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit\n" if charset else ""
    text = f"From: MAILER-DAEMON@x\nSubject: failure notice\n{kind}\nCould not be delivered to:\n\nbob@example.com: 550 {words}\n"
    raw = text.encode(charset or "utf-8")
    for message in (
        raw,
        *(email.message_from_bytes(raw, policy=policy) for policy in POLICIES),
        email.message_from_string(text),
    ):
        (found,) = smtpcodes.explain_message(message)
        assert (found.text, found.reason) == (words, "mailbox_full")


@pytest.mark.parametrize("encoding", ["binary", "8-bit", "7bit", "", "unknown", "quoted-printable"])
def test_letters_survive_whatever_the_encoding_is_called(encoding):
    raw = f"From: MAILER-DAEMON@x\nSubject: failure notice\nContent-Transfer-Encoding: {encoding}\n\nCould not be delivered to:\n\nbob@example.com: 550 邮箱已满\n".encode()
    for message in (raw, *(email.message_from_bytes(raw, policy=policy) for policy in POLICIES)):
        (found,) = smtpcodes.explain_message(message)
        assert (found.text, found.reason) == ("邮箱已满", "mailbox_full")


def test_lines_of_a_parsed_diagnostic_stay_lines():
    raw = report(
        "Final-Recipient: rfc822; bob@example.com\nAction: failed\nDiagnostic-Code: smtp; 550-5.1.1 x\n 550 5.1.1 y\n 450 z"
    )
    first, *others = [
        [(one.code, one.text) for one in smtpcodes.explain_message(message)]
        for message in (raw, *(email.message_from_bytes(raw, policy=policy) for policy in POLICIES))
    ]
    assert others == [first, first]


def test_words_count_though_the_class_contradicts_the_action():
    fields = "Action: failed\nStatus: 2.0.0\nDiagnostic-Code: X-Postfix; unknown user: bob"
    (found,) = smtpcodes.explain_message(report(f"Final-Recipient: rfc822; bob@example.com\n{fields}"))
    assert (found.reason, found.suppress, found.bounce) == ("user_unknown", True, "hard")


@pytest.mark.parametrize("end", ["", "\n", "\n\n"])
def test_encoded_report_keeps_its_last_letter(end):
    fields = f"Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; bob@example.com\nAction: failed\nStatus: 5.1.1{end}"
    kind = "message/delivery-status\nContent-Transfer-Encoding: base64"
    raw = report(status=kind).replace(
        b"Reporting-MTA: dns; mx.example.net\nArrival-Date: Mon, 23 Nov 2026 10:00:00 +0100 (CET)\n",
        base64.encodebytes(fields.encode()),
    )
    for message in (raw, email.message_from_bytes(raw)):
        assert [one.status for one in smtpcodes.explain_message(message)] == ["5.1.1"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("Action: delayed", ("transient", "soft", "automatic", True)),
        ("Action: delayed\nDiagnostic-Code: smtp; connection timed out", ("transient", "soft", "automatic", True)),
        ("Action: delivered", ("positive", "none", None, False)),
        ("Action: relayed\nStatus: 5.1.1", ("positive", "none", None, False)),
        ("Action: failed\nStatus: 2.1.5", ("permanent", "hard", None, False)),
    ],
)
def test_answers_and_texts_fit_the_action(fields, expected):
    (found,) = smtpcodes.explain_message(report(f"Final-Recipient: rfc822; bob@example.com\n{fields}"))
    assert (found.severity, found.bounce, found.retry, found.queued) == expected
    family = next(one for one in smtpcodes.classes() if one.severity == found.severity)
    assert found.outcome in (family.outcome, family.outcome_unqueued)


def test_letters_of_a_parsed_report_survive():
    raw = report("Final-Recipient: rfc822; jörg@example.com\nAction: failed\nStatus: 5.1.1")
    for message in (raw, email.message_from_bytes(raw), email.message_from_bytes(raw.replace(b"boundary=", b"b="))):
        (found,) = smtpcodes.explain_message(message)
        assert found.recipient == "jörg@example.com"


@pytest.mark.parametrize(
    ("status", "diagnostic", "expected"),
    [
        ("5.0.0", "550 5.1.1 xyzzy", "5.1.1"),
        ("5.0.0", "550 xyzzy", "5.0.0"),
        ("5.1.0", "550 5.1.1 xyzzy", "5.1.1"),
        ("5.1.1", "550 5.0.0 xyzzy", "5.1.1"),
        ("5.7.1", "550 5.1.1 xyzzy", "5.7.1"),
        ("", "550 5.2.2 xyzzy", "5.2.2"),
        ("5.1.1 (bad destination mailbox address)", "", "5.1.1"),
    ],
)
def test_better_status_wins(status, diagnostic, expected):
    block = f"Final-Recipient: rfc822; bob@example.com\nAction: failed\nStatus: {status}\nDiagnostic-Code: smtp; {diagnostic}"
    (found,) = smtpcodes.explain_message(report(block))
    assert found.status == expected


def test_report_without_blank_lines_or_with_fields_missing_is_read():
    both = FAILED + "\n" + DELAYED
    assert [one.recipient for one in smtpcodes.explain_message(report(both))] == [
        "bob@example.com",
        "carol@example.com",
    ]
    (found,) = smtpcodes.explain_message(report("Final-Recipient: rfc822; <bob@example.com>\nStatus: 5.1.1"))
    assert (found.recipient, found.action) == ("bob@example.com", "failed")
    (found,) = smtpcodes.explain_message(
        report("Original-Recipient: rfc822;bob@example.com\nAction: delayed\nStatus: 4.0.0")
    )
    assert (found.recipient, found.action) == ("bob@example.com", "delayed")


def test_delivered_report_is_no_bounce_at_all():
    (found,) = smtpcodes.explain_message(
        report("Final-Recipient: rfc822; bob@example.com\nAction: delivered\nStatus: 2.1.5")
    )
    assert (found.action, found.bounce, found.suppress) == ("delivered", "none", False)


def test_encoded_status_part_is_decoded():
    import base64

    block = base64.encodebytes(
        b"Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; bob@example.com\nAction: failed\nStatus: 5.1.1\n"
    ).decode()
    raw = report("x").replace(
        b"Content-Type: message/delivery-status\n",
        b"Content-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n",
    )
    start = raw.index(b"Reporting-MTA")
    raw = raw[:start] + block.encode() + raw[raw.index(b"--9F1C", start) :]
    assert smtpcodes.explain_message(raw)[0].recipient == "bob@example.com"


@pytest.mark.parametrize(
    ("mark", "instead"),
    [
        (b"Content-Type: message/delivery-status\n", b"\nContent-Type: message/delivery-status\n"),
        (b'\tboundary="9F1C.17/mx.example.net"', b"\tbo"),
    ],
    ids=["blank line before the header of the status", "boundary cut off"],
)
def test_report_with_a_broken_header_is_read(mark, instead):
    raw = report(FAILED)
    assert mark in raw
    found = smtpcodes.explain_message(raw.replace(mark, instead))
    assert found == smtpcodes.explain_message(raw)
    assert [one.status for one in found] == ["5.1.1"]


NOTICE = """\
This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  Carol@example.net
    (generated from bob@example.com)
    Unrouteable address
  dave@example.net
    mailbox is full (MTA-imposed quota exceeded while writing to file /var/mail/dave):
    retry timeout exceeded
  erin@example.net
    host mx.example.net [192.0.2.7]
    Connection refused: retry timeout exceeded"""


def test_report_that_a_gateway_has_put_inside_another_message_is_read():
    raw = (
        b'From: postmaster@example.net\nContent-Type: multipart/mixed; report-type=delivery-status; boundary="out"\n\n'
        b"--out\nContent-Type: message/rfc822\n\n" + report(FAILED) + b"\n--out--\n"
    )
    for message in (raw, email.message_from_bytes(raw)):
        (found,) = smtpcodes.explain_message(message)
        assert (found.recipient, found.action, found.status) == ("bob@example.com", "failed", "5.1.1")


def test_report_inside_the_message_that_came_back_is_not_read():
    raw = report(FAILED).replace(b"multipart/report", b"multipart/mixed")
    raw = raw.replace(
        b"From: anna@example.org\nTo: bob@example.com\nSubject: 550 5.1.1\n\nHello\n",
        report(FAILED.replace("bob@", "carol@")).replace(b"9F1C", b"2A"),
    )
    assert b"carol@example.com" in raw
    for message in (raw, email.message_from_bytes(raw)):
        assert [one.recipient for one in smtpcodes.explain_message(message)] == ["bob@example.com"]


def test_parsed_message_without_a_boundary_is_read_too():
    raw = report(FAILED).replace(b';\n\tboundary="9F1C.17/mx.example.net"', b"")
    assert b"boundary" not in raw
    for message in (raw, email.message_from_bytes(raw)):
        (found,) = smtpcodes.explain_message(message)
        assert (found.recipient, found.action, found.status) == ("bob@example.com", "failed", "5.1.1")


def local(recipient: str, *fields: str, action: str = "failed", status: str = "5.0.0") -> str:
    return "\n".join((f"Action: {action}", f"Final-Recipient: rfc822;{recipient}", f"Status: {status}", *fields))


def told(*recipients: str) -> list[tuple[str | None, str | None, str | None]]:
    raw = report(*recipients).replace(b"Your message could not be delivered.", NOTICE.encode())
    both = smtpcodes.explain_message(raw), smtpcodes.explain_message(email.message_from_bytes(raw))
    assert both[0] == both[1]
    return [(one.recipient, one.status, one.reason) for one in both[0]]


def test_without_diagnostic_code_the_notice_tells_the_reason():
    assert told(local("dave@example.net"), local("carol@example.net"), local("erin@example.net")) == [
        ("dave@example.net", "5.0.0", "mailbox_full"),
        ("carol@example.net", "5.0.0", "user_unknown"),
        ("erin@example.net", "5.0.0", "delivery_expired"),
    ]


def test_notice_counts_only_where_the_delivery_status_says_nothing():
    assert told(
        local("carol@example.net", "Diagnostic-Code: smtp; 552 xyzzy quota exceeded"),
        local("dave@example.net", status="5.7.1"),
        local("erin@example.net", status="5.0.0 (user unknown)"),
        local("carol@example.net", action="relayed", status="2.0.0"),
        local("frank@example.net"),
    ) == [
        ("carol@example.net", "5.0.0", "mailbox_full"),
        ("dave@example.net", "5.7.1", smtpcodes.explain("5.7.1").reason),
        ("erin@example.net", "5.0.0", "user_unknown"),
        ("carol@example.net", "2.0.0", None),
        ("frank@example.net", "5.0.0", None),
    ]


NOTICES = {
    "qmail": b"""\
Return-Path: <>
From: MAILER-DAEMON@mail.example.net
Subject: failure notice

Hi. This is the qmail-send program at mail.example.net.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<bob@example.com>:
192.0.2.1 does not like recipient.
Remote host said: 550 5.1.1 xyzzy
Giving up on 192.0.2.1.

--- Below this line is a copy of the message.

From: eve@example.com
""",
    "exim": b"""\
X-Failed-Recipients: bob@example.com
From: Mail Delivery System <Mailer-Daemon@mail.example.net>
Subject: Mail delivery failed: returning message to sender

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  bob@example.com
    SMTP error from remote mail server after RCPT TO:<bob@example.com>:
    host mx.example.com [192.0.2.1]: 550 5.1.1 <bob@example.com>:
    xyzzy

------ This is a copy of the message, including all the headers. ------

From: eve@example.com
""",
    "postfix": b"""\
Return-Path: <>
From: MAILER-DAEMON@mail.example.net (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender

This is the Postfix program at host mail.example.net.

I'm sorry to have to inform you that your message could not be
delivered to one or more recipients. It's attached below.

<bob@example.com>: host mx.example.com[192.0.2.1] said: 550 5.1.1
    <bob@example.com>: xyzzy (in reply to RCPT TO command)
""",
    "exchange": b"""\
From: postmaster@example.net
Subject: Undeliverable: hello

Delivery has failed to these recipients or groups:

bob@example.com
The address could not be found.

Diagnostic information for administrators:

Generating server: example.net

bob@example.com
#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##

Original message headers:

Received: from eve@example.com
""",
    "sendmail": b"""\
From: Mail Delivery Subsystem <MAILER-DAEMON@mail.example.net>
Subject: Returned mail: see transcript for details

The original message was received at Mon, 23 Nov 2026 10:00:00 +0100

   ----- The following addresses had permanent fatal errors -----
<bob@example.com>
    (reason: 550 5.1.1 <bob@example.com>: xyzzy)

   ----- Transcript of session follows -----
... while talking to mx.example.com.:
>>> DATA
<<< 550 5.1.1 <bob@example.com>: xyzzy
<<< 503 5.5.1 Need RCPT
""",
    "exchange in another language": """\
From: Microsoft Outlook <MicrosoftExchange00112233445566778899aabbccddeeff@example.net>
Subject: Nie dostarczono: dzień dobry
Content-Type: text/plain; charset=utf-8

Nie udało się dostarczyć wiadomości do tych adresatów:

bob@example.com
Nie znaleziono adresu.

bob@example.com
#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##
""".encode(),
    "opensmtpd": b"""\
From: Mailer Daemon <MAILER-DAEMON@mail.example.net>
Subject: Delivery status notification: error

An error has occurred while attempting to deliver a message for
the following list of recipients:

bob@example.com: 550 5.1.1 <bob@example.com>: xyzzy
""",
    "a transcript that names nobody else": b"""\
From: MDaemon at example.net <MDaemon@example.net>
Subject: Permanent delivery failure

The attached message had permanent fatal delivery errors!

Session transcript:
<-- 220 mx.example.com ESMTP
--> RCPT To:<bob@example.com>
<-- 550 5.1.1 xyzzy
--> QUIT
""",
    "another language, the address in a header": b"""\
X-Failed-Recipients: bob@example.com
From: Mail Delivery Subsystem <mailer-daemon@example.net>
Subject: Delivery Status Notification (Failure)
Content-Type: text/plain; charset=utf-8

Die Nachricht an bob@example.com konnte nicht zugestellt werden.

550 5.1.1 <bob@example.com>: xyzzy
""",
    "qmail with an opening of its owner's": b"""\
From: MAILER-DAEMON@mail.example.net
Subject: failure notice

Good day. Please check what you typed.

<bob@example.com>:
Remote host said: 550 5.1.1 xyzzy

--- Below this line is a copy of the message.

From: eve@example.com
""",
    "qmail in another language": b"""\
From: MAILER-DAEMON@mail.example.net

XXXXX XXXXX

<bob@example.com>:
550 5.1.1 xyzzy
""",
    "an encoded subject": b"""\
From: postmaster@mail.example.net
Subject: =?UTF-8?B?VW56dXN0ZWxsYmFyOiBIYWxsbw==?=

Server mx.example.com: 550 5.1.1 xyzzy

Konto: bob@example.com
""",
    "a sentence that names the address": b"""\
From: Mail Delivery Subsystem <MAILER-DAEMON@mail.example.net>
To: eve@example.com
Subject: Mail not delivered

The message of eve@example.com to bob@example.com was not delivered, since the other side answered

  550 5.1.1 xyzzy

Mail postmaster@mail.example.net if you have a question.

---------- Returned message follows ----------

To: dave@example.org
""",
    "a report without its status": b"""\
Return-Path: <MAILER-DAEMON@mail.example.net>
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

A message could not be delivered to:
bob@example.com
550 5.1.1 xyzzy
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.net
--b--
""",
    "a refusal after delivery": b"""\
From: Mail Delivery Subsystem <postmaster@example.com>
Auto-Submitted: auto-replied (rejected)
Content-Type: multipart/report; report-type=disposition-notification; boundary="b"

--b
Content-Type: text/plain

Your message to <bob@example.com> was automatically rejected:
550 5.1.1 xyzzy
--b
Content-Type: message/disposition-notification

Final-Recipient: rfc822; bob@example.com
Disposition: automatic-action/MDN-sent-automatically; deleted
--b--
""",
    "a label before the address": b"""\
From: System Administrator <system.administrator@mail.example.net>
Subject: Delivery failure

Could not deliver message to the following recipient(s):

Failed Recipient: bob@example.com
Reason: Remote host said: 550 5.1.1 xyzzy
""",
    "an address as X.400 writes it": b"""\
From: System Administrator <postmaster@example.net>
Subject: Undeliverable: Hello

Your message

  To:      list@example.org
  Subject: Hello

did not reach the following recipient(s):

c=NL;a= ;p=EXAMPLE;o=Office;dda:SMTP=bob@example.com; on Fri, 27 Nov 2026
09:12:28 +0100
    550 5.1.1 xyzzy
""",
    "an address in the sentence": b"""\
From: MAILER-DAEMON@mail.example.net
Subject: failure notice

Sorry, unable to deliver your message to bob@example.com for the
following reason:

 550 5.1.1 xyzzy of carol@example.com
""",
    "an address in another sentence": b"""\
From: MAILER-DAEMON@mail.example.net
Subject: failure notice

Sorry, I couldn't deliver your mail to bob@example.com. I'm not going to try again:
550 5.1.1 xyzzy

Ask at contact@example.org for help.
""",
    "a program that calls itself a gateway": b"""\
From: Scanner_for_SMTP_Gateways@mail.example.net
Subject: Delivery failure notification

Your message could not be delivered to the following recipients:

bob@example.com
550 5.1.1 xyzzy
""",
    "details of the message below the reply": b"""\
From: MAILER-DAEMON <mailer-daemon@mail.example.net>
Subject: Undeliverable: Hello

Delivery has failed to these recipients or distribution lists:

\t* [bob@example.com]: 550 5.1.1 bob@example.com...xyzzy

Original message details:

\t* To: list@example.org
""",
    "an answer that only a program sends": b"""\
Return-Path: <>
From: postmaster@mail.example.net
Subject: Re: Hello

Hi. This is the mail server at mail.example.net.
I'm afraid I wasn't able to deliver your message to the following addresses.

bob@example.com
550 5.1.1 xyzzy
""",
    "a gateway without a name": b"""\
Return-Path: <>
From: scanner@mail.example.net
Subject: Mail could not be delivered

Sent <<< RCPT TO:<bob@example.com>
Received >>> 550 5.1.1 xyzzy

Unable to deliver message to <bob@example.com> (and others).
""",
    "a border of bars": b"""\
From: Mail Delivery System <Mailer-Daemon@mail.example.net>
Subject: Mail delivery failed: returning message to sender

Your message could not be delivered to:

bob@example.com:
550 5.1.1 xyzzy

|----------------- Message header follows: -----------------|
To: list@example.org
Subject: mailbox full
""",
}


@pytest.mark.parametrize("program", NOTICES)
def test_notice_of_an_older_program_is_read(program):
    for message in (NOTICES[program], email.message_from_bytes(NOTICES[program])):
        (found,) = smtpcodes.explain_message(message)
        assert (found.recipient, found.action, found.code, found.status) == ("bob@example.com", "failed", 550, "5.1.1")
        assert (found.reason, found.bounce) == ("user_unknown", "hard")


def test_what_stands_before_the_only_address_counts_where_nothing_stands_behind_it():
    raw = b"""\
From: Postmaster@mail.example.net
Subject: Delivery Failure Report

------- Failure Reasons  --------

User not listed in the directory
bob@example.com
"""
    (found,) = smtpcodes.explain_message(raw)
    assert (found.recipient, found.action, found.reason) == ("bob@example.com", "failed", "user_unknown")


def test_general_words_above_an_address_are_not_said_of_it():
    raw = b"""\
From: MAILER-DAEMON@mail.example.net
Subject: failure notice

Your message could not be delivered. It may be that the user is unknown or the mailbox full.

bob@example.com
"""
    for message in (raw, raw.replace(b"\n", b"\r\n"), email.message_from_bytes(raw.replace(b"\n", b"\r\n"))):
        (found,) = smtpcodes.explain_message(message)
        assert (found.recipient, found.reason, found.suppress) == ("bob@example.com", None, None)


def test_notice_that_names_only_its_reader_blames_nobody():
    raw = b"""\
From: System Administrator <postmaster@example.net>
To: anna@example.com
Subject: Undeliverable: Hello

Your message

  To:      anna@example.com
  Subject: Hello

did not reach the following recipient(s):

Bob Example on Wed, 25 Nov 2026 18:52:54 +0100
    The recipient was unavailable to take delivery of the message
"""
    assert smtpcodes.explain_message(raw) == ()


def test_warning_of_exim_is_a_delay():
    raw = b"""\
X-Failed-Recipients: bob@example.com
From: Mail Delivery System <Mailer-Daemon@mail.example.net>
Subject: Warning: message 1abcde-000550-Xy delayed 24 hours

This message was created automatically by mail delivery software.
A message that you sent has not yet been delivered to one or more of its
recipients after more than 24 hours on the queue on mail.example.net.

The address to which the message has not yet been delivered is:

  bob@example.com

No action is required on your part.
"""
    (found,) = smtpcodes.explain_message(raw)
    assert (found.recipient, found.action, found.queued) == ("bob@example.com", "delayed", True)
    assert found.bounce != "hard"


@pytest.mark.parametrize("subject", [b"=?\x80UTF-8?B?VW56?=", b"=?x?B?VW56?=", b"=?UTF-8?B?V?=", b"=?utf-8?q?=ff?="])
def test_broken_subject_gives_no_exception(subject):
    raw = NOTICES["qmail"].replace(b"failure notice", subject)
    assert [one.recipient for one in smtpcodes.explain_message(raw)] == ["bob@example.com"]


def test_what_says_that_somebody_still_tries_is_a_delay():
    raw = b"""\
Return-Path: <>
From: MAILER-DAEMON@mail.example.net (Mail Delivery System)
Subject: Your mail

Your message could not be delivered for 4 hours. Delivery attempts will continue for 5 days.

<bob@example.com>: connect to mx.example.com[192.0.2.1]:25: Connection timed out
"""
    (found,) = smtpcodes.explain_message(raw)
    assert (found.recipient, found.action, found.reason) == ("bob@example.com", "delayed", "connection_lost")


def test_warning_that_names_the_address_first_is_a_delay():
    raw = b"""\
From: Mail Delivery Subsystem <MAILER-DAEMON@mail.example.net>
Subject: Warning: could not send message for past 4 hours

   ----- Transcript of session follows -----
<bob@example.com>... Deferred: Connection refused by mx.example.com.
Warning: message still undelivered after 4 hours
Will keep trying until message is 5 days old
"""
    (found,) = smtpcodes.explain_message(raw)
    assert (found.recipient, found.action, found.reason) == ("bob@example.com", "delayed", "connection_lost")


NO_BOUNCES = {
    "answer of a postmaster": b"From: Postmaster <postmaster@example.com>\nSubject: Re: Undelivered Mail\n\nIt was mistyped.\n\nThis is the Postfix program at host mx.\n\n<bob@example.com>: host mx said: 550 5.1.1 xyzzy\n",
    "quotation by a postmaster": b"From: Postmaster <postmaster@example.com>\nSubject: Your question\n\nYou sent us this:\n> This is the Postfix program at host mx.\n> <bob@example.com>: host mx said: 550 5.1.1 xyzzy\n",
    "numbers of a daemon": b"From: MAILER-DAEMON@example.com\nSubject: This week\n\nbob@example.com: 550 messages\ncarol@example.com: 12 messages\n",
    "list of what waits in quarantine": b"From: postmaster@example.com\nSubject: Your quarantine\n\nThese messages were not delivered to your inbox:\n\ncarol@example.com\nHello\n\ndave@example.com\nHello again\n",
    "report of success": b"From: Mail Delivery System <postmaster@example.com>\nSubject: Delivery Status Notification (Success)\n\nYour message was delivered to the following recipient:\n\nbob@example.com\n",
    "statistics of a daemon": b"Return-Path: <>\nFrom: MAILER-DAEMON@example.com\nSubject: Statistics\n\nanna@example.com: 550 sent\n\nAll has been delivered.\n",
    "nothing": b"",
    "no message": b"\x00\xff\x00",
    "ordinary mail": b"From: bob@example.com\nSubject: 550 5.1.1 User unknown\n\nMy mail to carol@example.com gave:\n550 5.1.1 User unknown\n",
    "question about a bounce": b"From: bob@example.com\nSubject: Help\n\nI get: This is the qmail-send program at x.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n\n<carol@example.com>:\n550 no\n",
    "out of office": b"From: bob@example.com\nReturn-Path: <>\nAuto-Submitted: auto-replied\nSubject: Out of office\n\nI am away. Mail anna@example.com. Your message will not be forwarded.\n",
    "out of office of a daemon": b"From: Postmaster <postmaster@example.com>\nReturn-Path: <>\nSubject: Automatic reply\n\nWe received your message and answer within 450 minutes.\n",
    "abuse report": report("Feedback-Type: abuse", kind="feedback-report", status="message/feedback-report"),
    "read receipt": report(
        "Final-Recipient: rfc822; bob@example.com\nDisposition: manual-action/MDN-sent-manually; displayed",
        kind="disposition-notification",
        status="message/disposition-notification",
    ),
    "forwarded bounce": b'From: bob@example.com\nContent-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain\n\nSee below\n--b\nContent-Type: message/rfc822\n\n'
    + report(FAILED)
    + b"\n--b--\n",
    "forwarded status": b'From: bob@example.com\nContent-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain\n\nSee below\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n'
    + FAILED.encode()
    + b"\n--b--\n",
    "out of office with a telling subject": b"Return-Path: <>\nFrom: Anna <anna@example.com>\nSubject: Re: Delivery problem with order 4711\nAuto-Submitted: auto-replied\n\nAnna no longer works here and this account is no longer active.\nPlease contact bob@example.com.\n",
    "automatic answer in another language": b"Return-Path: <>\nFrom: Anna <anna@example.com>\nSubject: Automatische Antwort: Ihre Sendung ist unzustellbar\n\nAnna existiert nicht mehr. Bitte an bob@example.com.\n",
    "answer of a help desk": b"Return-Path: <>\nFrom: support@example.com\nSubject: Re: Order 4711\n\nYour message was not delivered to anyone. Please write to: bob@example.com\n",
    "address to ask": b"From: MAILER-DAEMON@example.net\nTo: anna@example.com\nSubject: failure notice\n\nYour message could not be delivered. If you need help, please forward this message to postmaster@example.net.\n",
    "letter of a parcel service": b"From: mail-service@example.com\nSubject: Delivery problem with your parcel\n\nWe could not deliver your parcel. Ask bob@example.com\n",
    "letter of a postmaster": b"From: Anna <postmaster@example.com>\nSubject: Friday\n\nHi, I was not able to deliver the slides. Ask bob@example.com\n",
    "subscription": b"From: mailer-daemon@example.com\nSubject: Confirm your subscription\n\nReply to list-confirm-550@example.com\n",
}


@pytest.mark.parametrize("name", NO_BOUNCES)
def test_what_is_no_bounce_gives_nothing(name):
    raw = NO_BOUNCES[name]
    assert smtpcodes.explain_message(raw) == ()
    assert smtpcodes.explain_message(email.message_from_bytes(raw)) == ()


def test_broken_mime_gives_no_exception():
    raw = report(FAILED)
    for end in range(0, len(raw), 37):
        smtpcodes.explain_message(raw[:end])
        smtpcodes.explain_message(raw[end:])
    for old, new in (
        (b"boundary=", b"boundry="),
        (b'"', b""),
        (b"\n\n", b"\n"),
        (b"--9F1C", b"--"),
        (b":", b""),
        (b"us-ascii", b"x\xff"),
    ):
        smtpcodes.explain_message(raw.replace(old, new))
    for odd in (None, 5, object(), [], {}, "x", "\ud800", bytearray(raw), memoryview(raw)):
        smtpcodes.explain_message(odd)


def test_ten_thousand_nested_parts_take_no_time():
    deep = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (number, number) for number in range(10_000)
    )
    wide = (
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        + b"--b\nContent-Type: text/plain\n\nx\n" * 10_000
    )
    start = time.perf_counter()
    assert smtpcodes.explain_message(b"From: MAILER-DAEMON@example.com\n" + deep) == ()
    assert smtpcodes.explain_message(b"From: MAILER-DAEMON@example.com\n" + wide) == ()
    assert time.perf_counter() - start < 1


def test_fifty_megabytes_take_no_time_and_no_memory():
    import tracemalloc

    raw = report(FAILED)
    big = raw.replace(b"\nHello\n", b"\n" + b"x" * 50_000_000 + b"\n").replace(
        b"could not be delivered.\n", b"could not be delivered.\n" + b"line\n" * 100_000
    )
    tracemalloc.start()
    start = time.perf_counter()
    (found,) = smtpcodes.explain_message(big)
    seconds = time.perf_counter() - start
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.status == "5.1.1"
    assert seconds < 2
    assert peak < 20_000_000
