"""The five answers follow from reasons and classes, the way design and header describe it."""

import pytest

import smtpcodes
from smtpcodes import lookup

LANGUAGES = tuple(smtpcodes.languages())
CODES = [
    *smtpcodes.replies(),
    *(lookup(code) for status in smtpcodes.statuses() for code in status.codes),
]


@pytest.mark.parametrize(
    ("code", "bounce", "suppress", "retry", "actor"),
    [
        (250, "none", False, None, "nobody"),
        (354, "none", False, None, "nobody"),
        (421, "soft", False, "automatic", "nobody"),
        (452, "soft", False, "automatic", None),
        (535, "none", False, "after_fix", "sender"),
        (550, "hard", None, None, None),
        (571, "hard", False, None, None),
        ("4.1.1", "soft", False, "automatic", None),
        ("5.1.1", "hard", True, "never", "sender"),
        ("4.2.2", "soft", False, "automatic", "recipient"),
        ("5.2.2", "hard", False, "later", "recipient"),
        ("5.7.1", "hard", False, None, None),
        ("4.4.7", "hard", False, "later", "recipient_admin"),
    ],
)
def test_answers(code, bounce, suppress, retry, actor):
    record = lookup(code)
    found = (record.bounce, record.suppress, record.retry)
    assert found == (bounce, suppress, retry)
    if code != "4.1.1":
        assert record.actor == actor


def test_severity_is_the_first_digit():
    names = {"2": "positive", "3": "intermediate", "4": "transient", "5": "permanent"}
    for record in CODES:
        assert record.severity == names.get(str(record.code)[0])


def test_temporary_failure_never_condemns_the_address():
    for record in CODES:
        if record.severity == "transient":
            assert record.suppress is False, record.code


def test_policy_codes_never_condemn_the_recipient():
    owner_changed = {"5.7.17", "5.7.18", "5.7.19", "5.7.13"}
    for record in CODES:
        if str(record.code).startswith("5.7.") and record.code not in owner_changed:
            assert not record.suppress, record.code


def test_ghost_answers_as_the_code_it_stands_for():
    ghost, real = lookup(571), lookup("5.7.1")
    assert ghost.stands_for == real.code
    assert ghost.standing == "lore"
    for name in ("severity", "bounce", "suppress", "retry", "actor", "outcome", "for_sender", "reasons"):
        assert getattr(ghost, name) == getattr(real, name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_record_is_complete(language):
    for record in (one.localized(language) for one in CODES):
        where = record.code, language
        assert record.title, where
        assert record.short, where
        assert record.meaning, where
        assert record.outcome, where
        assert record.references, where
        if record.severity in ("transient", "permanent"):
            assert record.outcome_unqueued, where
            assert record.for_sender or record.bounce == "none", where
            assert record.for_sender or record.for_sender_admin, where


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_says_what_to_do(language):
    for reason in (one.localized(language) for one in smtpcodes.reasons()):
        assert reason.meaning
        assert reason.for_sender
        assert reason.for_sender_admin
        assert reason.suppress is not None, reason.name
        assert reason.codes, reason.name


def test_reasons_with_advice_for_the_recipient_are_those_where_a_recipient_can_act():
    for reason in smtpcodes.reasons():
        if reason.actor == "recipient":
            assert reason.for_recipient, reason.name


def test_relations_hold_both_ways():
    for record in CODES:
        keys = {str(record.code), getattr(record, "pattern", "")}
        for other in record.related:
            assert keys & set(lookup(other).related), (record.code, other)


def test_a_refused_login_is_no_bounce_and_has_no_receiving_admin():
    assert lookup(535).bounce == "none"
    assert lookup(535).for_recipient_admin == ()
    assert smtpcodes.reason("authentication_failed").for_recipient_admin == ()
