"""Draw two more pictures, of which every line is a link: the anatomy of an enhanced status code, and who must act.

They are lists that a reader can see the shape of, so both are made of the same rows; `pictures` has the ground they
share with the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from textwrap import wrap

from tools.pictures import Words, _figure, _icon, _svg, _text

ROW = 26  # a finger needs 24
LETTER = 7.5  # the width of one, in a wide font
NEXT = 16  # from one line of words to the next


@dataclass(frozen=True)
class Line:
    """Hold one row: where it leads, a code (or none), the words, its colour, and whether the example has it."""

    address: str
    code: str
    words: str
    style: str = ""
    chosen: bool = False


@dataclass(frozen=True)
class Group:
    """Hold rows under a heading with an icon; a note says in grey what the heading leaves open."""

    icon: str
    title: str
    lines: Sequence[Line]
    note: str = ""


def anatomy(words: Words, groups: Sequence[Group]) -> str:
    """Draw 5.1.1 taken apart: a line from each number to what it can say."""
    wide, narrow = _wide_anatomy(words, groups), _narrow(words, groups, 64, _example(words, 8, 30))
    return _figure(wide, narrow, words["caption"])


def actors(words: Words, columns: Sequence[Sequence[Group]]) -> str:
    """Draw who must act for which reason, along the way that a message goes."""
    groups = [group for column in columns for group in column]
    return _figure(_wide_actors(words, columns), _narrow(words, groups, 0, []), words["caption"])


def _line(line: Line, x: float, y: float, width: int, indent: int) -> tuple[str, int]:
    """Draw a row as a link, and return its height: the whole row takes the click, and words that do not fit go on."""
    lines = wrap(line.words, int((width - 12 - indent) / LETTER), break_on_hyphens=False)
    height = ROW + NEXT * (len(lines) - 1)
    style = f" {line.style}" if line.style else ""
    shape = f'<rect class="line{style}{" chosen" if line.chosen else ""}" x="{x:g}" y="{y:g}" width="{width}" '
    shape += f'height="{height - 2}" rx="4"/>'
    if line.code:
        shape += _text(x + 6, y + 17, line.code, f"m{style}")
    for number, words in enumerate(lines):
        # The space is for those who listen: without it a screen reader says "5.1.1Unknown".
        shape += " " + _text(x + 6 + indent, y + 17 + NEXT * number, words, "u")
    return f'<a href="{escape(line.address)}">{shape}</a>', height


def _group(group: Group, x: float, y: float, width: int) -> tuple[list[str], float]:
    """Draw a heading with its rows, and return where the next one can begin."""
    indent = max((len(line.code) * 8 + 10 for line in group.lines if line.code), default=0)
    parts = [_icon(group.icon, x + 4, y), _text(x + 27, y + 13, group.title, "b")]
    y += 24
    if group.note:
        parts.append(_text(x + 6, y + 8, group.note, "s"))
        y += 18
    for line in group.lines:
        drawn, height = _line(line, x, y, width, indent)
        parts.append(drawn)
        y += height
    return parts, y


def _example(words: Words, x: float, y: float) -> list[str]:
    """Write the code that is taken apart, with its reply code in grey before it."""
    return [_text(x, y, words["reply"], "m big s"), _text(x + 80, y, words["code"], "m big stop")]


def _wide_anatomy(words: Words, groups: Sequence[Group]) -> str:
    columns, digit = (0, 218, 478), 17
    parts = [*_example(words, 236, 30), _text(236, 52, words["reply name"], "s", "start")]
    parts.append(_text(410, 52, words["code name"], "s"))
    bottom = 0.0
    for number, (x, group) in enumerate(zip(columns, groups, strict=True)):
        # From under the number itself: they are two places apart, because of the dots.
        start = 236 + 80 + digit / 2 + number * 2 * digit
        parts.append(f'<path class="arrow" d="M{start:g} 38V{(64, 76, 64)[number]}H{x + 12}V90"/>')
        drawn, end = _group(group, x, 94, (200, 240, 282)[number])
        parts += drawn
        bottom = max(bottom, end)
    return _svg("wide", "group", (760, round(bottom)), words, parts)


def _wide_actors(words: Words, columns: Sequence[Sequence[Group]]) -> str:
    parts, bottom, width = [], 0.0, 244
    for number, column in enumerate(columns):
        x, y = number * 258, 44.0
        for group in column:
            drawn, y = _group(group, x, y, width)
            parts += drawn
            y += 14
        bottom = max(bottom, y)
    parts += [
        _text(0, 14, words["sending"], "b"),
        _text(516, 14, words["receiving"], "b"),
        '<path class="arrow" d="M0 26H502"/><path class="arrow" d="M516 26H756m-7-5l7 5-7 5"/>',
    ]
    return _svg("wide", "group", (760, round(bottom)), words, parts)


def _narrow(words: Words, groups: Sequence[Group], top: int, parts: list[str]) -> str:
    y = float(top)
    for group in groups:
        drawn, y = _group(group, 0, y, 340)
        parts = [*parts, *drawn]
        y += 14
    return _svg("narrow", "group", (340, round(y)), words, parts)
