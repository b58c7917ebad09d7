"""A look-up finds what exists, says what does not, and gives values that cannot be changed."""

import copy
import dataclasses
import pickle

import pytest

import smtpcodes
from smtpcodes import UnknownCodeError, get, lookup

EVERYTHING = [
    *smtpcodes.replies(),
    *(lookup(code) for status in smtpcodes.statuses() for code in (status.pattern, *status.codes)),
    *smtpcodes.reasons(),
    *smtpcodes.bounces(),
    *smtpcodes.classes(),
    *smtpcodes.subjects(),
    *smtpcodes.labels(),
    *smtpcodes.diagnostics(),
]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (550, 550),
        ("550", 550),
        (" 550 ", 550),
        ("5.1.1", "5.1.1"),
        ("4.7.28", "4.7.28"),
        ("X.1.1", "X.1.1"),
        ("x.1.1", "X.1.1"),
        ("431", 431),
        (571, 571),
    ],
)
def test_lookup_finds(asked, found):
    assert lookup(asked).code == found
    assert get(asked) is lookup(asked)


@pytest.mark.parametrize(
    "asked", [599, "599", "5.99.99", "5.1", "3.1.1", "", "abc", None, True, 5.5, -1, "５５０", "5" * 9999, b"550"]
)
def test_lookup_of_what_does_not_exist_says_so(asked):
    with pytest.raises(UnknownCodeError) as caught:
        lookup(asked)
    assert isinstance(caught.value, LookupError)
    assert caught.value.code == asked
    assert len(str(caught.value)) < 400
    assert get(asked) is None
    assert get(asked, "default") == "default"


def test_error_names_what_comes_nearest():
    with pytest.raises(UnknownCodeError, match=r"5\.7\.999.*subject X\.7.*class 5"):
        lookup("5.7.999")
    with pytest.raises(UnknownCodeError, match=r"unknown SMTP code: 558; nearest: .*555.*class 5"):
        lookup(558)
    with pytest.raises(UnknownCodeError, match="mailbox_full"):
        smtpcodes.reason("mailbox_ful")


def test_error_survives_pickling():
    with pytest.raises(UnknownCodeError) as caught:
        lookup("5.7.999")
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again.code, str(again)) == (caught.value.code, str(caught.value))


def test_records_are_values():
    for record in EVERYTHING:
        assert hash(record) == hash(copy.deepcopy(record))
        assert pickle.loads(pickle.dumps(record)) == record
    record = lookup(550)
    with pytest.raises(dataclasses.FrozenInstanceError):
        record.title = "changed"
    assert int(record) == 550
    assert str(record).startswith("550 ")


def test_pattern_answers_only_what_its_classes_share():
    pattern, soft, hard = lookup("X.2.2"), lookup("4.2.2"), lookup("5.2.2")
    assert pattern.codes == ("4.2.2", "5.2.2")
    assert (pattern.severity, soft.severity, hard.severity) == (None, "transient", "permanent")
    assert pattern.suppress is soft.suppress is hard.suppress is False
    assert pattern.retry is None


def test_addresses_are_permanent():
    assert lookup(550).localized("nl").url.endswith("/nl/codes/550/")
    assert lookup("5.1.1").url.endswith("/en/codes/5.1.1/")
    assert smtpcodes.reason("mailbox_full").localized("nl").url.endswith("/nl/reasons/mailbox_full/")
    assert smtpcodes.bounce("soft").localized("nl").url.endswith("/nl/bounces/soft/")


def test_plain_text_has_no_backticks():
    assert smtpcodes.plain("Look at `RCPT TO`.") == "Look at RCPT TO."
