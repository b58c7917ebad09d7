"""Take the replies out of exceptions: smtplib's, aiosmtplib's, and those of the connection below them.

They are recognised by name and attributes, so nothing of smtplib, ssl or aiosmtplib is imported here.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from smtpcodes._reader import Reading, read

__all__ = ["Refusal", "refusals"]


class Refusal(NamedTuple):
    """What an exception says about one recipient, or about the whole message.

    `reason` is there where the type of the exception alone tells it.
    """

    reading: Reading
    recipient: str | None = None
    reason: str | None = None
    kind: str = ""


# The name of a class, and the reason it gives. Never a bad address: it is the app's own server that is not reached.
_REASONS = {
    "SSLCertVerificationError": "receiver_tls_invalid",
    "CertificateError": "receiver_tls_invalid",
    "SSLError": "tls_unavailable",
    "gaierror": "dns_trouble",
    "herror": "dns_trouble",
    "SMTPServerDisconnected": "connection_lost",
    "SMTPTimeoutError": "connection_lost",
    "SMTPConnectError": "connection_lost",
    "TimeoutError": "connection_lost",
    "ConnectionError": "connection_lost",
    "EOFError": "connection_lost",
    "OSError": "connection_lost",
}
# What was not said to a recipient, in the words of a mail server's log.
_STAGES = {
    "SMTPSenderRefused": " (in reply to MAIL FROM command)",
    "SMTPHeloError": " (in reply to HELO command)",
    "SMTPConnectError": " (refused to talk to me)",
    "SMTPConnectResponseError": " (refused to talk to me)",
}
# Of the many kinds of OSError these are trouble with a connection.
_NETWORK = {
    getattr(errno, name, 0)
    for name in (
        *("ENETDOWN", "ENETUNREACH", "ENETRESET", "EHOSTDOWN", "EHOSTUNREACH", "EADDRNOTAVAIL", "EAFNOSUPPORT"),
        *("ETIMEDOUT", "ENOTCONN", "EBADF"),
    )
}
_DEPTH = 8
_MOST = 10_000


def refusals(error: object) -> list[Refusal]:
    """Return what an exception, or the dictionary that `sendmail()` returns, says: one for each recipient."""
    found: list[Refusal] = []
    for one in _refusals(error, 0):
        found.append(one)
        if len(found) == _MOST:
            break
    return found


def _refusals(error: object, depth: int) -> Iterator[Refusal]:
    if depth > _DEPTH:
        return
    # aiosmtplib's sendmail() returns the dictionary and a text.
    if isinstance(error, tuple) and len(error) == 2 and isinstance(error[0], Mapping):
        error = error[0]
    if isinstance(error, Mapping):
        for recipient, reply in error.items():
            yield Refusal(_reply(reply), _word(recipient))
        return
    recipients = getattr(error, "recipients", None)
    if isinstance(recipients, Mapping):
        yield from _refusals(recipients, depth + 1)
        return
    inner = recipients if isinstance(recipients, list | tuple) else getattr(error, "exceptions", None)
    if isinstance(inner, list | tuple) and inner:
        for one in inner:
            yield from _refusals(one, depth + 1)
        return
    code = getattr(error, "smtp_code", getattr(error, "code", None))
    if isinstance(code, int) and 200 <= code <= 599:
        reading = read((code, getattr(error, "smtp_error", getattr(error, "message", b""))))
        stage = next((_STAGES[one.__name__] for one in type(error).__mro__ if one.__name__ in _STAGES), "")
        yield Refusal(reading._replace(whole=reading.whole + stage), _word(getattr(error, "recipient", None)))
        return
    found = _by_type(error)
    cause = getattr(error, "__cause__", None)
    if cause is not None and found.reason == "connection_lost":
        # aiosmtplib says only that there is no connection; why stands below it.
        deeper = next(_refusals(cause, depth + 1), found)
        found = deeper if deeper.reason not in (None, "connection_lost") else found
    yield found


def _by_type(error: object) -> Refusal:
    """Explain an exception without a reply: its type tells more than its text."""
    names = [one.__name__ for one in type(error).__mro__] if isinstance(error, BaseException) else []
    words = getattr(error, "smtp_error", None) or getattr(error, "message", None)
    text = words if isinstance(words, bytes | str) else error
    reading = read(text)
    if not reading.code and not reading.status:
        for name in names:
            if name == "OSError" and "SMTPException" in names:
                break  # of smtplib, where every exception is one
            if name == "OSError" and getattr(error, "errno", None) not in {None, *_NETWORK}:
                # What an operating system says was said by no mail server.
                return Refusal(reading._replace(telling="", bare="", wrapper="", whole=""))
            if name in _REASONS:
                return Refusal(reading, None, _REASONS[name], names[0])
    return Refusal(reading)


def _reply(reply: object) -> Reading:
    code = getattr(reply, "code", None)
    if isinstance(code, int):
        return read((code, getattr(reply, "message", "")))
    if isinstance(reply, BaseException):
        return next((one.reading for one in _refusals(reply, _DEPTH)), read(reply))
    return read(reply)


def _word(value: object) -> str | None:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value if isinstance(value, str) else None
