# ruff: noqa: E501 - what servers and programs write is as long as it is
"""Whatever a server, a message or an app comes up with: an answer, never an exception."""

import email

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import smtpcodes
from tests.test_messages import FAILED, NOTICES, report

QUICK = settings(max_examples=2_000, deadline=None, suppress_health_check=list(HealthCheck))
SLOW = settings(max_examples=1_000, deadline=None, suppress_health_check=list(HealthCheck))

PIECES = st.sampled_from(
    [
        "550", "5.1.1", "421-4.7.0", "#5.1.0", "(#5.7.1)", "smtp;", "said:", "<anna@example.com>", "[192.0.2.1]", "\r\n", "\n", "\t", " ",
        "-", ":", ";", "<<<", ">>>", "https://example.com/550", "User unknown", "mailbox full", "try again in", "5 minutes", "blocked using",
        "zen.spamhaus.org", "- gsmtp", "邮箱已满", "é", "\x00", "\u202e", "\ud800", "𝟓𝟓𝟎", "٥٥٠", "999999999999", "5.999.999", "`", "%s", "{}",
    ]
)  # fmt: skip
HOSTILE = st.lists(PIECES, max_size=40).map("".join)
WORDS = st.one_of(HOSTILE, st.text(max_size=300), st.binary(max_size=300))


def check(found):
    assert found.title
    assert found.meaning
    assert found.evidence
    assert found.code is None or 200 <= found.code <= 599
    assert found.status is None or found.status[0] in "245"
    assert found.retry_after is None or found.retry_after > 0


@QUICK
@given(WORDS, st.sampled_from(["en", "nl", None, "xx", ""]))
def test_any_reply_gets_an_answer(reply, language):
    check(smtpcodes.explain(reply, language))


@QUICK
@given(st.integers() | st.none(), WORDS | st.none() | st.integers())
def test_any_pair_gets_an_answer(code, words):
    check(smtpcodes.explain((code, words)))


@SLOW
@given(
    st.dictionaries(
        st.text(max_size=20) | st.none(),
        st.tuples(st.integers(), st.binary(max_size=99)) | st.none() | st.text(max_size=9),
        max_size=4,
    )
)
def test_any_refusal_gets_an_answer(refused):
    import smtplib

    for error in (refused, smtplib.SMTPRecipientsRefused(refused)):
        for found in smtpcodes.explain_exception(error):
            check(found)


@SLOW
@given(st.binary(max_size=2_000) | HOSTILE)
def test_any_bytes_are_a_message(raw):
    for found in smtpcodes.explain_message(raw):
        check(found)


MESSAGES = [report(FAILED), *NOTICES.values()]


@SLOW
@given(
    st.sampled_from(MESSAGES),
    st.lists(st.tuples(st.integers(0, 3_000), st.binary(max_size=20), st.integers(0, 60)), max_size=8),
    st.booleans(),
)
def test_any_mutation_of_a_bounce_gets_an_answer(raw, changes, parsed):
    for place, new, gone in changes:
        place %= len(raw) + 1
        raw = raw[:place] + new + raw[place + gone :]
    for found in smtpcodes.explain_message(email.message_from_bytes(raw) if parsed else raw):
        check(found)
