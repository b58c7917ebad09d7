"""Draw the pictures: inline SVG, each in a wide and a narrow drawing, between which the style sheet chooses.

Colours come from the style sheet, so a picture follows the theme. Words come from the template that calls, so they
are translated with the rest of the page.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from html import escape
from itertools import takewhile
from math import log2

Words = Mapping[str, str]

# Outlines on a ground of 24 by 24, all drawn for this site.
ICONS = {
    "stop": "M8 2.5h8l5.5 5.5v8L16 21.5H8L2.5 16V8zM9 9l6 6M15 9l-6 6",
    "wait": "M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0M12 7v5l3.5 2",
    "ok": "M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0M8 12.2l2.8 2.8L16 9.5",
    "info": "M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0M7.5 12h8.5M13 8.8l3.2 3.2-3.2 3.2",
    "hard": "M9 15l-5-5 5-5M4 10h10.5a5.5 5.5 0 0 1 0 11H11",
    "again": "M20 12a8 8 0 1 1-2.4-5.7M20.5 3v4.5H16",
    "fix": "M4 20l1-4.5L16 4.5l3.5 3.5L8.5 19zM13.5 7l3.5 3.5",
    "never": "M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0M5.8 5.8l12.4 12.4",
    "maybe": "M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0M9.5 9.5a2.6 2.6 0 1 1 3.8 2.3c-.9.5-1.3 1-1.3 2M12 16.8v.4",
    "keep": "M15.5 12a3.5 3.5 0 1 1-7 0 3.5 3.5 0 0 1 7 0v1.2a2.7 2.7 0 0 0 5.5 0V12a9 9 0 1 0-3.5 7.1",
    "bad": "M14 20v-1.5a4 4 0 0 0-4-4H6a4 4 0 0 0-4 4V20M8 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M17 8l5 5M22 8l-5 5",
    "sender": "M21.5 2.5L11 13M21.5 2.5l-6.5 19-4-8.5-8.5-4z",
    "admin": "M4 4h16v6.5H4zM4 13.5h16V20H4zM7.5 7.2h.01M7.5 16.7h.01M11.5 7.2h5M11.5 16.7h5",
    "inbox": "M3 13l3-8h12l3 8v6H3zM3 13h5.5l1.5 2.5h4l1.5-2.5H21",
}

# What a session consists of, and the usual replies to each step: go on, temporary, permanent.
STEPS: tuple[tuple[str, tuple[int, ...], tuple[int, ...], tuple[int, ...]], ...] = (
    ("connect", (220,), (421,), (521, 554)),
    ("EHLO", (250,), (), (502, 504, 550)),
    ("STARTTLS", (220,), (454,), (501,)),
    ("AUTH", (334, 235), (432, 454), (530, 534, 535)),
    ("MAIL FROM", (250,), (451, 452), (550, 552, 553)),
    ("RCPT TO", (250, 251), (450, 451, 452), (550, 551, 553)),
    ("DATA", (354,), (), (503, 554)),
    ("dot", (250,), (450, 451, 452), (550, 552, 554)),
    ("QUIT", (221,), (), ()),
)
SEVERITIES = ("ok", "wait", "stop")

# Minutes after the first attempt that the axis names.
TICKS = {5: "5 min", 20: "20 min", 80: "80 min", 240: "4 h", 1440: "1 d", 7200: "5 d"}
QUEUE_LIFETIME = 7200


def icon(name: str) -> str:
    """Return an icon that screen readers skip: the word beside it says the same."""
    return f'<svg class="i" viewBox="0 0 24 24" aria-hidden="true"><path d="{ICONS[name]}"/></svg>'


def attempts() -> list[float]:
    """Return when Postfix tries again with its default settings, in minutes after the first attempt.

    The wait is the age of the message, between 300 and 4000 seconds (minimal_backoff_time, maximal_backoff_time), for
    five days (maximal_queue_lifetime).
    """

    def ages() -> list[float]:
        age, result = 5.0, [5.0]
        while age < QUEUE_LIFETIME:
            age += min(age, 4000 / 60)
            result.append(age)
        return result

    return list(takewhile(lambda age: age < QUEUE_LIFETIME, ages()))


def life(words: Words) -> str:
    """Draw the life of a message: delivered, in the queue, or back to the sender, along one logarithmic clock."""
    return _figure(_wide_life(words), _narrow_life(words), words["caption"])


def session(words: Words, base: str, known: Collection[int]) -> str:
    """Draw an SMTP session: every step, and the codes that can come back, each a link where it has a page."""
    drawing = _Session(words, base, known)
    return _figure(drawing.wide(), drawing.narrow(), words["caption"])


def _figure(wide: str, narrow: str, caption: str) -> str:
    drawings = f"{wide}\n{narrow}\n<figcaption>{caption}</figcaption>"
    return f'<figure class="picture" data-search-exclude>\n{drawings}\n</figure>\n'


def _svg(kind: str, role: str, size: tuple[int, int], words: Words, parts: list[str]) -> str:
    attributes = f'viewBox="0 0 {size[0]} {size[1]}" role="{role}" aria-label="{escape(words["alt"])}"'
    return f'<svg class="pic {kind}" {attributes}>{"".join(parts)}</svg>'


def _text(x: float, y: float, words: str, style: str = "", anchor: str = "start") -> str:
    style = f' class="{style}"' if style else ""
    place = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text x="{x:g}" y="{y:g}"{style}{place}>{escape(words)}</text>'


def _lines(x: float, y: float, words: str, first: str, rest: str, anchor: str = "start") -> list[str]:
    """Write the parts of a text that the translator divided with slashes below each other."""
    lines = enumerate(words.split(" / "))
    return [_text(x, y + 17 * number, line, rest if number else first, anchor) for number, line in lines]


def _icon(name: str, x: float, y: float, size: int = 16) -> str:
    return f'<path class="ic {name}" transform="translate({x:g} {y:g}) scale({size / 24:.3f})" d="{ICONS[name]}"/>'


def _wide_life(words: Words) -> str:
    def place(minutes: float) -> float:
        return round(172 + 47 * log2(minutes / 5), 1)

    end, later = place(QUEUE_LIFETIME), place(10)
    parts = ['<path class="lines" d="M92 40V318', *(f"M{place(minute):g} 40V318" for minute in TICKS), '"/>']
    parts.append(_text(92, 338, "0", "axis", "middle"))
    parts += [_text(place(minute), 338, words[name], "axis", "middle") for minute, name in TICKS.items()]
    parts += [
        f'<path class="rail ok thin" d="M{later:g} 180C{later:g} 120 {later + 4:g} 64 {later + 46:g} 64"/>',
        '<path class="rail ok" d="M92 180C92 108 104 64 158 64H728"/>',
        f'<path class="rail wait" d="M92 180H{end:g}"/>',
        '<path class="rail stop" d="M92 180C92 252 104 296 158 296H728"/>',
        f'<path class="rail stop" d="M{end:g} 180C{end:g} 240 {end:g} 296 {end + 44:g} 296"/>',
        '<path class="tries" d="' + "".join(f"M{place(minute):g} 172v16" for minute in attempts()) + '"/>',
        '<circle class="node" cx="92" cy="180" r="16"/>',
        _text(92, 185, "1", "num", "middle"),
        *_lines(68, 177, words["first"], "b", "b", "end"),
        _icon("ok", 736, 54, 20),
        _icon("stop", 736, 286, 20),
        _icon("ok", 158, 38),
        _text(180, 51, words["delivered"], "b ok"),
        _text(later + 20, 108, words["later"], "b ok"),
        _text(later + 20, 126, words["greylisting"], "s"),
        _icon("wait", 344, 147),
        _text(366, 160, words["queue"], "b wait"),
        _text(344, 208, words["tries"], "s"),
        _text(344, 226, words["delay"], "s"),
        _icon("stop", 158, 270),
        _text(180, 283, words["bounced"], "b stop"),
        _text(end - 14, 252, words["expired"], "b stop", "end"),
        _text(end - 14, 270, words["becomes"], "s", "end"),
    ]
    return _svg("wide", "img", (760, 348), words, parts)


def _narrow_life(words: Words) -> str:
    def place(minutes: float) -> float:
        return round(176 + 36 * log2(minutes / 5), 1)

    end, later = place(QUEUE_LIFETIME), place(10)
    parts = ['<path class="lines" d="', *(f"M56 {place(minute):g}H340" for minute in TICKS), '"/>']
    parts.append(_text(0, 104, "0", "axis"))
    parts += [_text(0, place(minute) + 4, words[name], "axis") for minute, name in TICKS.items()]
    for name, x in zip(SEVERITIES, (82, 178, 274), strict=True):
        parts += [_icon(name, x, 4, 20), _text(x + 10, 42, words[f"short {name}"], f"b {name}", "middle")]
    parts += [
        _text(188, 59, words["soft"], "s", "middle"),
        _text(284, 59, words["hard"], "s", "middle"),
        f'<path class="rail ok thin" d="M188 {later:g}H124C104 {later:g} 92 {later + 12:g} 92 {later + 34:g}"/>',
        '<path class="rail ok" d="M188 100H124C104 100 92 112 92 134V616M84 608l8 8 8-8"/>',
        f'<path class="rail wait" d="M188 100V{end:g}"/>',
        '<path class="rail stop" d="M188 100H252C272 100 284 112 284 134V616M276 608l8 8 8-8"/>',
        f'<path class="rail stop" d="M188 {end:g}C188 {end + 22:g} 200 {end + 30:g} 216 {end + 30:g}H256'
        f'C272 {end + 30:g} 284 {end + 40:g} 284 {end + 60:g}"/>',
        '<path class="tries" d="' + "".join(f"M180 {place(minute):g}h16" for minute in attempts()) + '"/>',
        '<circle class="node" cx="188" cy="100" r="16"/>',
        _text(188, 105, "1", "num", "middle"),
        _text(148, 91, "250", "m ok", "middle"),
        _text(230, 91, "5xx", "m stop", "middle"),
        _text(200, 142, "4xx", "m wait"),
        _text(150, later - 9, "250", "m ok", "middle"),
        *_lines(204, later + 6, words["short later"], "b ok", "s"),
        *_lines(204, place(240) + 4, words["short delay"], "s", "s"),
        *_lines(174, end - 38, words["short expired"], "b stop", "s", "end"),
    ]
    return _svg("narrow", "img", (344, 620), words, parts)


@dataclass(frozen=True)
class _Session:
    """Hold what both drawings of a session need."""

    words: Words
    base: str
    known: Collection[int]

    def step(self, name: str) -> tuple[str, str]:
        """Return a step's name and style: a command is literal text, the other steps have words."""
        return (self.words[name], "b") if name in self.words else (name, "m")

    def pills(self, codes: tuple[int, ...], x: float, y: float, severity: str, width: int) -> str:
        """Draw codes in a row."""
        return "".join(
            self.pill(code, x + number * (width + 4), y, severity, width) for number, code in enumerate(codes)
        )

    def pill(self, code: int, x: float, y: float, severity: str, width: int) -> str:
        """Draw a code, as a link where it has a page."""
        shape = f'<rect class="pill {severity}" x="{x:g}" y="{y:g}" width="{width}" height="26" rx="5"/>'
        shape += _text(x + width / 2, y + 18, str(code), f"m {severity}", "middle")
        if code not in self.known:
            return shape
        return f'<a href="{self.base}{code}/" aria-label="{escape(f"{code} ({self.words[severity]})")}">{shape}</a>'

    def wide(self) -> str:
        """Draw it with the two servers side by side."""
        words, columns = self.words, dict(zip(SEVERITIES, (330, 446, 604), strict=True))
        height = 70 + 46 * len(STEPS)
        parts = _lines(50, 17, words["client"], "b", "b", "middle")
        parts += _lines(236, 17, words["server"], "b", "b", "middle")
        parts.append(f'<path class="life" d="M50 44V{height - 6}M236 44V{height - 6}"/>')
        for severity, x in columns.items():
            parts += [_icon(severity, x, 21), _text(x + 22, 34, words[severity], f"b {severity}")]
        for number, (step, *codes) in enumerate(STEPS):
            y = 82 + 46 * number
            name, style = self.step(step)
            parts += [
                f'<path class="row" d="M330 {y - 25}H760"/>',
                f'<path class="arrow" d="M56 {y}H228m-7-5l7 5-7 5"/>',
            ]
            parts.append(_text(143, y - 9, name, style, "middle"))
            for severity, some in zip(SEVERITIES, codes, strict=True):
                parts.append(self.pills(some, columns[severity], y - 15, severity, 38))
        return _svg("wide", "group", (760, height), words, parts)

    def narrow(self) -> str:
        """Draw it for a phone, a step below the other."""
        words, columns = self.words, dict(zip(SEVERITIES, (1, 98, 222), strict=True))
        parts = []
        for severity, x in columns.items():
            parts += [_icon(severity, x - 1, 3), _text(x + 19, 16, words[severity], f"b {severity}")]
        for number, (step, *codes) in enumerate(STEPS):
            y = 30 + 72 * number
            name, style = self.step(step)
            parts += [f'<path class="row" d="M0 {y}H340"/>', f'<path class="arrow" d="M0 {y + 19}H18m-6-5l6 5-6 5"/>']
            parts.append(_text(26, y + 24, name, style))
            for severity, some in zip(SEVERITIES, codes, strict=True):
                parts.append(self.pills(some, columns[severity], y + 34, severity, 36))
        return _svg("narrow", "group", (340, 34 + 72 * len(STEPS)), words, parts)
