"""Provoke an error with smtplib, and check that its explanation is right in both languages."""

from __future__ import annotations

import contextlib
import smtplib
import socket
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import pytest

import smtpcodes
from smtpcodes import Explanation
from tests.servers.running import PATIENCE, wait_for

Attempt = Callable[[smtplib.SMTP], Any]

SEVERITIES = {2: "positive", 4: "transient", 5: "permanent"}


class Hasty(smtplib.SMTP):
    """Talk before the server does, as a spammer in a hurry."""

    def _get_socket(self, *where: Any) -> socket.socket:
        one: socket.socket = super()._get_socket(*where)  # type: ignore[misc]
        one.sendall(b"EHLO client.example.test\r\n")
        return one


class Case(NamedTuple):
    """What is tried at which service, and what its explanation must say. A reason of None: nothing went wrong."""

    name: str
    service: str
    attempt: Attempt
    code: int | None
    status: str | None
    reason: str | None
    suppress: bool | None = False
    kind: type[smtplib.SMTP] = smtplib.SMTP


class Bounce(NamedTuple):
    """What a bounce is about, and what its explanation must say."""

    name: str
    action: str
    code: int | None
    status: str | None
    reason: str | None
    suppress: bool | None = False


def parameters(cases: Iterable[Case | Bounce]) -> list[Any]:
    """Return cases for pytest, with a name."""
    return [pytest.param(case, id=case.name.replace(" ", "-")) for case in cases]


def send(sender: str = "someone@sender.test", *to: str, text: str = "Hello", headers: str = "") -> Attempt:
    """Return an attempt to send a message the way an app does."""
    message = f"{headers}From: {sender}\r\nSubject: Hello\r\n\r\n{text}\r\n"
    return lambda smtp: smtp.sendmail(sender, to or ["user@example.test"], message)


def say(*lines: str) -> Attempt:
    """Return an attempt that says these lines, and takes the last answer."""

    def attempt(smtp: smtplib.SMTP) -> tuple[int, bytes]:
        for line in lines[:-1]:
            smtp.docmd(line)
        return smtp.docmd(lines[-1])

    return attempt


def then(*attempts: Attempt) -> Attempt:
    """Return an attempt that does these one after the other; only the last may fail."""

    def attempt(smtp: smtplib.SMTP) -> Any:
        return [one(smtp) for one in attempts][-1]

    return attempt


def login(user: str, password: str) -> Attempt:
    return lambda smtp: smtp.login(user, password)


def starttls(smtp: smtplib.SMTP) -> Any:
    return smtp.starttls()


def provoke(port: int, attempt: Attempt, kind: type[smtplib.SMTP] = smtplib.SMTP) -> Any:
    """Return what came of an attempt: an exception, a dictionary of refused recipients, or a reply."""
    try:
        smtp = kind("127.0.0.1", port, local_hostname="client.example.test", timeout=PATIENCE)
    except smtplib.SMTPException as error:
        return error
    with contextlib.closing(smtp):
        try:
            return attempt(smtp)
        except smtplib.SMTPException as error:
            return error


def connected(port: int) -> smtplib.SMTP:
    """Return the one connection that a service allows, once it has forgotten who came to see whether it listens."""

    def connect() -> smtplib.SMTP | None:
        with contextlib.suppress(smtplib.SMTPConnectError):
            return smtplib.SMTP("127.0.0.1", port, local_hostname="client.example.test", timeout=PATIENCE)
        return None

    return wait_for("A first connection", connect)


def explained(said: Any, language: str) -> tuple[Explanation, ...]:
    if isinstance(said, tuple):
        return (smtpcodes.explain(said, language),)
    if isinstance(said, bytes):
        return smtpcodes.explain_message(said, language)
    return smtpcodes.explain_exception(said, language)


def check(said: Any, case: Case | Bounce) -> None:
    """Check every answer, and that no text is missing in either language."""
    for language in ("en", "nl"):
        found = explained(said, language)
        assert found, f"No explanation of {said!r}"
        for one in found:
            words = f"{said!r}\n{one}"
            assert one.language == language, words
            assert (one.code, one.status) == (case.code, case.status), words
            assert (one.reason, one.suppress) == (case.reason, case.suppress), words
            assert one.severity == severity(case), words
            check_texts(one)


def severity(case: Case | Bounce) -> str | None:
    digit = case.code // 100 if case.code else int(case.status[0]) if case.status else 0
    return SEVERITIES.get(digit)


def check_texts(one: Explanation) -> None:
    """Check that all texts are there, and that the Dutch ones are not the English."""
    for name in ("title", "short", "meaning", "outcome", "for_sender"):
        assert getattr(one, name) or one.severity == "positive", f"{name} is empty: {one}"
    english = one.localized("en")
    for name in (
        "title",
        "meaning",
        "outcome",
        "for_sender",
        "for_sender_admin",
        "for_recipient_admin",
        "for_recipient",
    ):
        text, original = getattr(one, name), getattr(english, name)
        assert bool(text) == bool(original), f"{name} differs in length: {one}"
        if one.language != "en" and original:
            assert text != original, f"{name} is not translated: {one}"
