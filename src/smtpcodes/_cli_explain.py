"""The command `smtpcodes explain`: a reply, a bounce message, or millions of replies, a line each."""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections.abc import Callable, Iterator
from typing import BinaryIO

import smtpcodes
from smtpcodes._explanation import Explanation

__all__ = ["add_options", "run"]

_LONGEST_LINE = 1024 * 1024
_HEADERS = re.compile(rb"(?:From |[A-Za-z][A-Za-z0-9-]{0,60}:[ \t]?.*\n(?:[A-Za-z][A-Za-z0-9-]{0,60}:|[ \t]|\r?\n))")

Show = Callable[[Explanation], list[str]]


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what only this command knows."""
    parser.add_argument(
        "reply", nargs="*", help='"550 5.1.1 …"; without it a reply or a bounce message is read from standard input'
    )
    parser.add_argument("--jsonl", action="store_true", help="read a reply a line, print a JSON object a line")


def run(options: argparse.Namespace, show: Show) -> int:
    """Explain what was asked, or what stands on standard input; answer with 1 where there is nothing to explain."""
    if options.jsonl and options.reply:
        print("smtpcodes: --jsonl reads the replies from standard input: leave them out here", file=sys.stderr)
        return 2
    if options.jsonl:
        return _stream(options.lang)
    if options.reply:
        found: tuple[Explanation, ...] = (smtpcodes.explain(" ".join(options.reply), options.lang),)
    else:
        found = _standard_input(options.lang)
        if not found:
            print("smtpcodes: this message is not a bounce", file=sys.stderr)
            return 1
    if options.json:
        data = [one.to_dict() for one in found]
        print(json.dumps(data if len(data) > 1 else data[0], ensure_ascii=False, indent=2))
    else:
        print("\n\n".join("\n".join(show(one)) for one in found))
    return 0


def _standard_input(language: object) -> tuple[Explanation, ...]:
    data = sys.stdin.buffer.read()
    found = smtpcodes.explain_message(data, language)  # type: ignore[arg-type]
    if not found and not _HEADERS.match(data.lstrip()):
        return (smtpcodes.explain(data, language),)  # type: ignore[arg-type]
    return found


def _stream(language: object) -> int:
    """Print a line for each line that comes in, and keep none of them."""
    output = sys.stdout.buffer
    started = shown = time.monotonic()
    progress = sys.stderr.isatty()
    number = 0
    for number, line in enumerate(_lines(sys.stdin.buffer), 1):
        one = smtpcodes.explain(line, language)  # type: ignore[arg-type]
        output.write(
            json.dumps(one.to_dict(), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"
        )
        if progress and number % 256 == 0 and (now := time.monotonic()) - shown > 0.5:
            shown = now
            print(
                f"\r{number:,} replies, {number / (now - started):,.0f} a second ", end="", file=sys.stderr, flush=True
            )
    output.flush()
    if progress:
        print(f"\r{number:,} replies in {time.monotonic() - started:.1f} s        ", file=sys.stderr)
    return 0


def _lines(source: BinaryIO) -> Iterator[bytes]:
    """Yield lines; of one without end only the beginning."""
    while line := source.readline(_LONGEST_LINE):
        rest = line
        while rest and not rest.endswith(b"\n"):
            rest = source.readline(_LONGEST_LINE)
        yield line.rstrip(b"\r\n")
