"""The command line speaks the reader's language and never answers a mistake with a traceback."""

import json
import os
import subprocess
import sys

import jsonschema
import pytest

import smtpcodes
from tests.conftest import ROOT

SCHEMA = json.loads((ROOT / "codes/record.schema.json").read_text(encoding="utf-8"))


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {
        name: value for name, value in os.environ.items() if name not in ("LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES")
    }
    return subprocess.run(
        [sys.executable, "-m", "smtpcodes", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**clean, "PYTHONUTF8": "1", **environment},
    )


def test_show_explains_a_code_in_dutch():
    done = run("show", "450", "--lang", "nl")
    assert done.returncode == 0
    assert done.stdout.startswith("450 Mailbox tijdelijk niet beschikbaar\n")
    record = smtpcodes.lookup(450).localized("nl")
    for word in ("tijdelijk", "soft bounce", "Je verstuurde het bericht", record.url):
        assert word in done.stdout
    assert "`" not in done.stdout
    assert "Mailbox temporarily" not in done.stdout


@pytest.mark.parametrize("asked", ["5.1.1", "X.1.1", "571", "mailbox_full", "soft", "211"])
def test_show_explains_everything_that_has_a_page(asked):
    done = run("show", asked)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) > 4


def test_show_takes_several_codes():
    done = run("show", "450", "550")
    assert "450 " in done.stdout
    assert "\n\n550 " in done.stdout


@pytest.mark.parametrize("asked", ["550", "4.2.2", "mailbox_full", "hard"])
def test_json_is_the_resolved_record(asked):
    done = run("show", asked, "--lang", "nl", "--json")
    record = json.loads(done.stdout)
    jsonschema.validate(record, SCHEMA)
    assert record["language"] == "nl"


def test_list_names_every_code():
    lines = run("list").stdout.splitlines()
    codes = {line.split()[0] for line in lines}
    assert codes == {str(reply.code) for reply in smtpcodes.replies()} | {
        code for status in smtpcodes.statuses() for code in status.codes
    }
    assert any(line.startswith("421") and "temporary" in line for line in lines)


@pytest.mark.parametrize("kind", ["replies", "statuses", "reasons", "bounces"])
def test_list_can_be_narrowed(kind):
    assert run("list", kind, "--lang", "nl").returncode == 0
    for record in json.loads(run("list", kind, "--json").stdout):
        jsonschema.validate(record, SCHEMA)


def test_language_comes_from_the_environment_of_the_terminal():
    assert "Mailbox tijdelijk" in run("show", "450", LANG="nl_NL.UTF-8").stdout
    assert "Mailbox tijdelijk" in run("show", "450", LANGUAGE="xx:nl_BE", LANG="en_US.UTF-8").stdout
    assert "Mailbox temporarily" in run("show", "450", "--lang", "en", LANG="nl_NL.UTF-8").stdout
    assert "Mailbox temporarily" in run("show", "450", "--lang", "xx").stdout


@pytest.mark.parametrize("asked", ["5.7.999", "599", "mailbox_ful", "", "`rm -rf`", "🙂"])
def test_unknown_code_gets_one_line_and_exit_status_1(asked):
    done = run("show", asked)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("smtpcodes: unknown SMTP code")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("arguments", [(), ("show",), ("explode",), ("list", "colours")])
def test_wrong_usage_gets_help_and_exit_status_2(arguments):
    done = run(*arguments)
    assert done.returncode == 2
    assert "usage: smtpcodes" in done.stderr
    assert "Traceback" not in done.stderr


def test_closed_pipe_is_no_mistake():
    command = f"{sys.executable} -m smtpcodes list --json | head -c 10"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.returncode == 0


def test_terminal_without_utf8_gets_an_answer():
    done = run(
        "show", "550", "--lang", "nl", PYTHONUTF8="0", PYTHONIOENCODING="ascii", LC_ALL="C", PYTHONCOERCECLOCALE="0"
    )
    assert done.returncode == 0
    assert done.stdout.startswith("550 ")


def test_version():
    assert run("--version").stdout == f"smtpcodes {smtpcodes.__version__}\n"
