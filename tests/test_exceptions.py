"""An exception is explained for every recipient, and what happens next says that no queue has the message."""

import smtplib
import socket
import ssl

import pytest

import smtpcodes


class SMTPResponse(tuple):
    """As aiosmtplib has it: a named tuple of code and message."""

    code = property(lambda self: self[0])
    message = property(lambda self: self[1])


class AioError(Exception):
    def __init__(self, message):
        self.message = message


class SMTPTimeoutError(AioError, TimeoutError):
    pass


class AioResponseError(AioError):
    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


class AioRecipientRefused(AioResponseError):
    def __init__(self, code, message, recipient):
        super().__init__(code, message)
        self.recipient = recipient


class AioRecipientsRefused(Exception):
    def __init__(self, recipients):
        self.recipients = recipients


def test_every_refused_recipient_gets_its_own_explanation():
    refused = {"anna@example.com": (550, b"5.1.1 xyzzy"), "bob@example.com": (452, b"4.2.2 xyzzy")}
    for error in (smtplib.SMTPRecipientsRefused(refused), refused, (refused, "250 ok")):
        first, second = smtpcodes.explain_exception(error)
        assert (first.recipient, first.code, first.status, first.reason) == (
            "anna@example.com",
            550,
            "5.1.1",
            "user_unknown",
        )
        assert (second.recipient, second.reason, second.retry) == ("bob@example.com", "mailbox_full", "later")


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPSenderRefused(550, b"5.1.1 User unknown", "anna@example.com"),
        smtplib.SMTPHeloError(550, b"5.1.1 No such user"),
        smtplib.SMTPConnectError(554, b"mx.example.com not accepting messages"),
    ],
)
def test_what_is_said_before_the_recipient_is_known_never_blames_the_recipient(error):
    (found,) = smtpcodes.explain_exception(error)
    assert (found.suppress, found.severity) == (False, "permanent")


def test_sendmail_without_refusals_gives_nothing():
    assert smtpcodes.explain_exception({}) == ()


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (smtplib.SMTPSenderRefused(553, b"5.1.8 xyzzy", "anna@example.com"), "sender_rejected"),
        (smtplib.SMTPDataError(552, b"5.3.4 xyzzy"), "message_too_large"),
        (smtplib.SMTPConnectError(554, "5.7.1 Client host blocked using zen.spamhaus.org"), "blocklisted"),
        (smtplib.SMTPHeloError(504, b"5.5.2 need fully-qualified hostname"), "protocol_error"),
        (smtplib.SMTPAuthenticationError(535, b"5.7.8 xyzzy"), "authentication_failed"),
        (smtplib.SMTPResponseException(450, b"4.2.2 xyzzy"), "mailbox_full"),
        (smtplib.SMTPServerDisconnected("Connection unexpectedly closed"), "connection_lost"),
        (smtplib.SMTPNotSupportedError("SMTP AUTH extension not supported by server."), "feature_not_supported"),
        (TimeoutError("timed out"), "connection_lost"),
        (socket.gaierror(-2, "Name or service not known"), "dns_trouble"),
        (ConnectionRefusedError(111, "Connection refused"), "connection_lost"),
        (ConnectionResetError(104, "Connection reset by peer"), "connection_lost"),
        (OSError(113, "No route to host"), "connection_lost"),
        (ssl.SSLCertVerificationError(1, "certificate verify failed"), "receiver_tls_invalid"),
        (ssl.SSLError(1, "WRONG_VERSION_NUMBER"), "tls_unavailable"),
        (AioResponseError(550, "5.1.1 xyzzy"), "user_unknown"),
        (AioRecipientRefused(550, "5.1.1 xyzzy", "anna@example.com"), "user_unknown"),
        (SMTPTimeoutError("Timed out"), "connection_lost"),
    ],
)
def test_every_exception_has_its_reason(error, reason):
    (found,) = smtpcodes.explain_exception(error, "nl")
    assert found.reason == reason
    assert found.language == "nl"
    assert found.queued is False
    assert found.retry != "automatic"
    assert found.outcome == found.outcome_unqueued


def test_aiosmtplib_is_understood_without_being_there():
    inner = [
        AioRecipientRefused(550, "5.1.1 xyzzy", "anna@example.com"),
        AioRecipientRefused(450, "4.2.1 xyzzy", "bob@example.com"),
    ]
    found = smtpcodes.explain_exception(AioRecipientsRefused(inner))
    assert [one.recipient for one in found] == ["anna@example.com", "bob@example.com"]
    found = smtpcodes.explain_exception(({"anna@example.com": SMTPResponse((550, "5.1.1 xyzzy"))}, "ok"))
    assert found[0].status == "5.1.1"


def test_own_server_that_is_not_reached_says_nothing_about_an_address():
    for error in (
        socket.gaierror(-2, "Name or service not known"),
        smtplib.SMTPServerDisconnected("x"),
        TimeoutError(),
    ):
        assert smtpcodes.explain_exception(error)[0].suppress is False


@pytest.mark.parametrize(
    "error",
    [
        socket.gaierror(-2, "Name or service not known"),
        ssl.SSLCertVerificationError(1, "certificate verify failed"),
        ssl.SSLError(1, "WRONG_VERSION_NUMBER"),
        smtplib.SMTPServerDisconnected("Connection unexpectedly closed"),
        TimeoutError("timed out"),
    ],
)
def test_own_server_that_is_not_reached_is_never_for_the_side_of_the_recipient(error):
    (found,) = smtpcodes.explain_exception(error)
    assert found.actor == "sender_admin"
    assert found.for_sender
    assert found.for_sender_admin
    assert (found.for_recipient, found.for_recipient_admin, found.notes) == ((), (), ())
    assert found.title != next(one.title for one in smtpcodes.reasons() if one.name == found.reason)
    assert found.localized("nl").for_sender_admin != found.for_sender_admin


@pytest.mark.parametrize(
    "error",
    [
        FileNotFoundError(2, "No such file"),
        PermissionError(13, "Permission denied"),
        OSError(28, "No space left"),
        OSError(14, "Bad address"),
    ],
)
def test_what_has_nothing_to_do_with_a_connection_is_no_lost_one(error):
    (found,) = smtpcodes.explain_exception(error)
    assert (found.reason, found.suppress, found.evidence) == (None, None, "nothing")
    assert error.strerror in found.text


@pytest.mark.parametrize(
    "error", [OSError(113, "No route to host"), OSError("no address left"), OSError(9, "Bad file descriptor")]
)
def test_socket_that_fails_is_a_lost_connection(error):
    assert smtpcodes.explain_exception(error)[0].reason == "connection_lost"


def test_what_stands_below_a_lost_connection_says_more():
    error = SMTPTimeoutError("Error connecting")
    error.__cause__ = ssl.SSLCertVerificationError(1, "certificate verify failed")
    (found,) = smtpcodes.explain_exception(error)
    assert (found.reason, found.retry) == ("receiver_tls_invalid", "after_fix")
    error.__cause__ = TimeoutError()
    assert "Error connecting" in smtpcodes.explain_exception(error)[0].text


def test_unqueued_temporary_failure_does_not_tell_to_wait_for_a_queue():
    (found,) = smtpcodes.explain_exception(smtplib.SMTPDataError(451, b"xyzzy"))
    assert found.retry == "later"
    assert found.outcome != smtpcodes.explain("451 xyzzy").outcome


def test_group_of_exceptions_is_taken_apart():
    group = ExceptionGroup("all failed", [smtplib.SMTPDataError(554, b"5.7.1 x"), TimeoutError()])
    assert [one.code for one in smtpcodes.explain_exception(group)] == [554, None]


def test_anything_else_gives_an_answer_too():
    for error in (
        ValueError("x"),
        None,
        5,
        object(),
        smtplib.SMTPRecipientsRefused({}),
        Exception(),
        BaseException("550 5.1.1 x"),
    ):
        for found in smtpcodes.explain_exception(error):
            assert found.title
