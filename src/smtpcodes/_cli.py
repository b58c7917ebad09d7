"""The command line: `smtpcodes show 450 --lang nl`, `smtpcodes list`, `smtpcodes explain "550 5.1.1 …"`."""

from __future__ import annotations

import argparse
import io
import json
import os
import shutil
import sys
import textwrap
from collections.abc import Sequence
from typing import Any

import smtpcodes
from smtpcodes import _cli_explain
from smtpcodes._explanation import Explanation
from smtpcodes._model import ANSWERS, Answers, Label, Record, Texts

_FOUND = ("original_recipient", "remote", "server", "retry_after", "blocklist")
_KINDS = ("replies", "statuses", "reasons", "bounces")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status: 0, or 1 for something unknown, 2 for wrong usage."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by who called us
            setattr(sys, name, open(os.devnull, "r+", encoding="utf-8"))  # noqa: SIM115 - as long as the program runs
    for stream in (sys.stdout, sys.stderr):
        # A terminal without UTF-8 shows a question mark here and there; that is better than no answer.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        status = int(options.run(options))
        sys.stdout.flush()
        return status
    except smtpcodes.UnknownCodeError as error:
        print(f"smtpcodes: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # `smtpcodes list | head` is no mistake; without this Python complains while it closes the pipe.
        _close_output()
        return 0
    except OSError as error:
        _close_output()
        print(f"smtpcodes: {error.strerror or error}", file=sys.stderr)
        return 1


def _close_output() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="smtpcodes", description="Explain SMTP reply codes, enhanced status codes and bounces.", allow_abbrev=False
    )
    parser.add_argument("--version", action="version", version=f"smtpcodes {smtpcodes.__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    show = commands.add_parser("show", help="explain a code, a reason or a bounce type", allow_abbrev=False)
    show.add_argument("code", nargs="+", help="550, 5.1.1, X.1.1, mailbox_full, soft")
    show.set_defaults(run=_show)

    listing = commands.add_parser("list", help="list what there is", allow_abbrev=False)
    listing.add_argument("kind", nargs="?", choices=_KINDS, help="only these; otherwise all codes")
    listing.set_defaults(run=_list)

    explain = commands.add_parser("explain", help="explain what a server said, or a bounce message", allow_abbrev=False)
    _cli_explain.add_options(explain)
    explain.set_defaults(run=lambda options: _cli_explain.run(options, _explained))

    for command in (show, listing, explain):
        command.add_argument("--lang", metavar="LANGUAGE", default=_environment(), help="nl, nl_BE, … (default: LANG)")
        command.add_argument("--json", action="store_true", help="print JSON")
    return parser


def _environment() -> list[str]:
    """Return the languages of the person at the terminal, as gettext finds them."""
    found = [os.environ.get(name, "") for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")]
    return [tag for value in found if value for tag in value.split(":")]


def _show(options: argparse.Namespace) -> int:
    records = [_find(code).localized(options.lang) for code in options.code]
    if options.json:
        _print_json([record.to_dict() for record in records] if len(records) > 1 else records[0].to_dict())
    else:
        print("\n\n".join("\n".join(_page(record)) for record in records))
    return 0


def _find(code: str) -> Record:
    """Find a code, else a reason or bounce type of that name."""
    if code and code.replace("_", "").isalpha():
        if code in ("soft", "hard"):
            return smtpcodes.bounce(code)
        return smtpcodes.reason(code)
    return smtpcodes.lookup(code)


def _page(record: Any) -> list[str]:
    """Return the lines of a record for a terminal: the order of its page on the site."""
    width = min(shutil.get_terminal_size().columns, 88)
    labels = {label.name: label.localized(record.language) for label in smtpcodes.labels()}
    code = getattr(record, "code", "") or ""
    lines = [f"{code} {record.title}".strip(), "", *_wrapped(record.meaning, width)]
    if isinstance(record, Answers):
        lines += ["", *_facts(record, labels)]
    for name in ("outcome", "for_sender", "for_recipient", "for_sender_admin", "for_recipient_admin", "notes"):
        steps = getattr(record, name)
        if steps:
            lines += ["", labels["text"].word(name)]
            for step in [steps] if isinstance(steps, str) else steps:
                text = step if isinstance(step, str) else f"{step.text} ({step.source})"
                lines += _wrapped(text, width, "  " if isinstance(steps, str) else "  - ")
    for sense in getattr(record, "senses", ()):
        commands = ", ".join(labels["command"].word(command) for command in sense.commands)
        lines += ["", commands, *_wrapped(sense.meaning, width, "  ")]
    if isinstance(record, Texts):
        lines += ["", *_wrapped(", ".join(record.references), width)]
    if url := getattr(record, "url", ""):
        lines.append(url)
    return lines


def _explained(explanation: Explanation) -> list[str]:
    """Return the lines of an explanation: what was said, what it means, and what decided."""
    title, *page = _page(explanation)
    codes = " ".join(str(code) for code in (explanation.code, explanation.status) if code)
    said = [f"> {_printable(explanation.text)}"] if explanation.text else []
    action = explanation.label("action") if explanation.action else ""
    about = ": ".join(part for part in (_printable(explanation.recipient or ""), action) if part)
    words = next(group for group in smtpcodes.labels() if group.name == "text").localized(explanation.language)
    found = {name: getattr(explanation, name) for name in _FOUND}
    if found["original_recipient"] == explanation.recipient:
        found["original_recipient"] = None
    found["server"] = next((one.title for one in smtpcodes.servers() if one.name == found["server"]), found["server"])
    return [
        f"{codes} {title}".strip() if not explanation.code else f"{codes} {title.partition(' ')[2]}",
        *([about] if about else []),
        *said,
        *(f"  {words.word(name)}: {_printable(str(value))}" for name, value in found.items() if value is not None),
        *page,
        f"[{explanation.evidence}]",
    ]


def _printable(text: str) -> str:
    """Leave out what would steer the terminal: these words come from outside."""
    return "".join(letter for letter in text if letter.isprintable())


def _facts(record: Answers, labels: dict[str, Label]) -> list[str]:
    if record.severity in ("positive", "intermediate"):
        shown = ["severity"]  # after success there is nothing to retry and nobody to act
    else:
        shown = [name for name in ANSWERS if name != "severity" or record.severity]
    if getattr(record, "standing", "current") != "current":
        shown.insert(0, "standing")
    width = max(len(labels[name].short) for name in shown)
    return [f"  {labels[name].short:{width}}  {smtpcodes.plain(record.label(name))}" for name in shown]


def _wrapped(text: str, width: int, indent: str = "") -> list[str]:
    return textwrap.wrap(
        smtpcodes.plain(text),
        width,
        initial_indent=indent,
        subsequent_indent=" " * len(indent),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _list(options: argparse.Namespace) -> int:
    kinds = [options.kind] if options.kind else ["replies", "statuses"]
    records: list[Any] = []
    for kind in kinds:
        for record in getattr(smtpcodes, kind)():
            # A status exists once for each class, as on the wire.
            parts = [smtpcodes.lookup(code) for code in record.codes] if kind == "statuses" else [record]
            records += [part.localized(options.lang) for part in parts]
    if options.json:
        _print_json([record.to_dict() for record in records])
        return 0
    keys = [str(getattr(record, "code", "") or record.name) for record in records]
    widths = max(map(len, keys)), max(len(_severity(record)) for record in records)
    for key, record in zip(keys, records, strict=True):
        print(f"{key:{widths[0]}}  {_severity(record):{widths[1]}}  {smtpcodes.plain(record.title)}".rstrip())
    return 0


def _severity(record: Any) -> str:
    return str(record.label("severity")) if getattr(record, "severity", None) else ""


def _print_json(data: Any) -> None:
    print(json.dumps(data, ensure_ascii=False, indent=2))
