"""The command explains one reply, a bounce message on standard input, or a stream of replies."""

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

import smtpcodes
from tests.conftest import ROOT
from tests.test_messages import FAILED, NO_BOUNCES, report


def run(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-X", "utf8", "-m", "smtpcodes", "explain", *arguments]
    return subprocess.run(command, input=given, capture_output=True, check=False)


def test_reply_is_explained_in_dutch():
    done = run("550 5.1.1 <anna@example.com> xyzzy", "--lang", "nl")
    found = smtpcodes.explain("550 5.1.1 <anna@example.com> xyzzy", "nl")
    words = " ".join(done.stdout.decode().split())
    assert done.returncode == 0
    assert words.startswith(f"550 5.1.1 {found.title} > <anna@example.com> xyzzy")
    for part in (found.outcome, found.url, "[status 5.1.1]"):
        assert smtpcodes.plain(part) in words


def test_json_is_the_explanation():
    assert (
        json.loads(run("550", "5.1.1", "xyzzy", "--lang", "nl", "--json").stdout)
        == smtpcodes.explain("550 5.1.1 xyzzy", "nl").to_dict()
    )


def test_json_of_every_kind_of_evidence_fits_its_schema():
    schema = json.loads((ROOT / "codes/record.schema.json").read_text(encoding="utf-8"))
    replies = ["550 5.1.1 x", "550 mailbox full", "550 5.7.999 x", "550", "599 x", "", "421 x", "250 ok", "354 go on"]
    found = [smtpcodes.explain(reply, "nl") for reply in replies]
    found += [*smtpcodes.explain_message(report(FAILED)), *smtpcodes.explain_exception(TimeoutError())]
    for one in found:
        jsonschema.validate(one.to_dict(), schema)


def test_bounce_message_on_standard_input():
    done = run("--lang", "en", given=report(FAILED))
    assert done.returncode == 0
    assert "bob@example.com: not delivered" in done.stdout.decode()
    assert json.loads(run("--json", given=report(FAILED, FAILED)).stdout)[1]["recipient"] == "bob@example.com"


def test_what_was_found_is_shown_in_the_language_of_the_reader():
    text = run("451 4.7.1 try again in 5 minutes; listed by Spamhaus", "--lang", "nl").stdout.decode()
    for words in ("Wachttijd in seconden: 300", "Blokkeerlijst: Spamhaus"):
        assert words in text
    text = run("--lang", "nl", given=report(FAILED)).stdout.decode()
    for words in ("bob@example.com: niet afgeleverd", "info@example.com", "mx.example.com"):
        assert words in text


def test_server_is_called_by_its_name():
    text = run("550 5.1.1 The email account that you tried to reach does not exist. gsmtp", "--lang", "en").stdout
    assert b"Recognized as: Gmail\n" in text


def test_answer_that_is_missing_is_called_so():
    assert "Aan zet        onbekend" in run("550 5.7.1 xyzzy", "--lang", "nl").stdout.decode()
    assert "Who acts      unknown" in run("550 5.7.1 xyzzy", "--lang", "en").stdout.decode()
    assert smtpcodes.explain("550").label("action") == "unknown"


def test_reply_cannot_steer_the_terminal():
    assert b"\x1b" not in run("550 \x1b[31m5.1.1 \x07xyzzy").stdout


def test_stream_and_reply_together_are_wrong_usage():
    done = run("--jsonl", "550 xyzzy", given=b"550 xyzzy\n")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"standard input" in done.stderr


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-"])
@pytest.mark.parametrize("arguments", ["'550 xyzzy'", "--jsonl", ""])
def test_closed_stream_is_no_traceback(closed, arguments):
    command = f"echo 550 xyzzy | {sys.executable} -m smtpcodes explain {arguments} {closed}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout or closed != "2>&-"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a full disk to write to")
def test_full_disk_is_told_in_a_line():
    for arguments, given in ((("550 xyzzy",), b""), (("--jsonl",), b"550 xyzzy\n" * 1000)):
        command = [sys.executable, "-m", "smtpcodes", "explain", *arguments]
        with open("/dev/full", "wb") as full:
            done = subprocess.run(command, input=given, stdout=full, stderr=subprocess.PIPE, check=False)
        assert done.returncode == 1
        assert done.stderr == b"smtpcodes: No space left on device\n"


def test_reply_on_standard_input():
    assert b"5.1.1" in run(given=b"550 5.1.1 xyzzy\r\n").stdout


def test_ordinary_mail_on_standard_input_is_no_bounce():
    done = run(given=NO_BOUNCES["ordinary mail"])
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr == b"smtpcodes: this message is not a bounce\n"


def test_stream_gives_a_line_for_a_line():
    given = b"550 5.1.1 xyzzy\n\n421 busy\r\n\xff\xfe\n" + b"x" * 3_000_000 + b"\n250 ok"
    done = run("--jsonl", "--lang", "nl", given=given)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.stderr == b""
    assert [line["code"] for line in lines] == [550, None, 421, None, None, 250]
    assert {line["language"] for line in lines} == {"nl"}


def test_stream_that_is_cut_off_is_no_mistake():
    command = f"yes '550 5.1.1 xyzzy' | head -2000 | {sys.executable} -m smtpcodes explain --jsonl | head -1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=False)
    assert json.loads(done.stdout)["code"] == 550
    assert done.stderr == b""
