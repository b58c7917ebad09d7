"""The codes are those of the standards: nothing missing, nothing invented."""

import csv

import pytest

import smtpcodes
from smtpcodes import lookup
from tests.conftest import ROOT

with (ROOT / "tests/data/enhanced_status_codes.csv").open(encoding="utf-8", newline="") as file:
    REGISTRY = {row["code"]: row for row in csv.DictReader(file)}
with (ROOT / "tests/data/reply_codes.csv").open(encoding="utf-8", newline="") as file:
    REPLIES = {int(row["code"]): row for row in csv.DictReader(file)}


def test_enhanced_status_codes_are_those_of_the_registry():
    assert [status.code for status in smtpcodes.statuses()] == list(REGISTRY)
    assert len(REGISTRY) == 81


def test_reply_codes_of_the_standards_are_all_there_and_no_others_claim_to_be():
    ours = {reply.code: reply.standing for reply in smtpcodes.replies() if reply.standing in ("current", "obsolete")}
    assert ours == {code: row["standing"] for code, row in REPLIES.items()}
    assert len(REPLIES) == 38


@pytest.mark.parametrize("code", REGISTRY)
def test_wording_and_reply_codes_are_the_registrys_verbatim(code):
    status, row = lookup(code), REGISTRY[code]
    assert (status.wording or "") == row["sample_text"]
    assert list(status.replies) == [int(reply) for reply in row["associated_reply_codes"].split()]


def test_reply_codes_that_servers_send_besides_the_registrys_are_marked():
    for status in smtpcodes.statuses():
        assert not set(status.replies) & set(status.also_replies), status.code


def test_every_registered_code_exists_in_each_class_that_its_reply_codes_have():
    """X.4.3 is for class 4 only, says RFC 3463, and yet the registry associates it with 550: servers send both."""
    # No RFC defines 430, and no server is known to send 4.5.1 with it.
    deviations = {("X.5.1", 430)}
    for status in smtpcodes.statuses():
        replies = {reply for reply in (*status.replies, *status.also_replies) if (status.code, reply) not in deviations}
        assert {str(reply)[0] for reply in replies} & set("245") <= {code[0] for code in status.codes}, status.code


def test_standard_codes_quote_the_standard_and_show_an_example():
    for code in REPLIES:
        reply = lookup(code)
        assert reply.wording or code == 334, code
        assert reply.commands, code
        assert reply.dialogue[reply.mark - 1].startswith(f"S: {code}"), code
        assert any(reference.startswith("RFC ") for reference in reply.references), code


def test_codes_outside_the_standard_say_so():
    others = [reply for reply in smtpcodes.replies() if reply.code not in REPLIES]
    assert {431, 441, 471, 541, 571} <= {reply.code for reply in others}
    for reply in others:
        assert reply.standing not in ("current", "obsolete"), reply.code
        if reply.stands_for:
            assert reply.stands_for.replace(".", "") == str(reply.code) or reply.standing != "lore", reply.code


def test_453_tells_both_truths():
    reply = lookup(453)
    assert "RFC 2645 §5.2.1" in reply.references
    assert "no mail" in reply.title.lower()
    assert any("too many" in note.text.lower() for note in reply.notes)


def test_example_hosts_are_reserved_for_examples():
    """RFC 2606 and RFC 5737: a reader may try what stands here, and nobody may be bothered by it."""
    import re

    reserved = re.compile(r"(^|\.)(example(\.(com|net|org))?|test|invalid|localhost)$")
    addresses = re.compile(r"\b(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+\b")
    for reply in smtpcodes.replies():
        for line in reply.dialogue:
            for host in re.findall(r"@([a-z0-9.-]+\.[a-z]+)", line, re.I):
                assert reserved.search(host.lower()), (reply.code, host)
            for number in re.findall(r"\b\d+\.\d+\.\d+\.\d+\b", line):
                assert addresses.match(number), (reply.code, number)
