"""Draw the pictures that other sites show beside a link: one per language, kind of page and class of code.

A page names its card in its front matter (`card: code-5`); a hand-written page has the card `page`. The font is the one
inside Pillow, so a machine without fonts draws the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from tools.pages import Book

SIZE = (1200, 630)
LEFT, INK, QUIET, GROUND = 90, "#1b2027", "#565f6b", "#ffffff"
# The colours of the style sheet, in its light scheme.
COLOURS = {2: "#14693a", 3: "#275a94", 4: "#855000", 5: "#b0251c"}


def cards(book: Book) -> Iterator[tuple[str, bytes]]:
    """Yield name and PNG of every card of a language."""
    words = book.card_words()
    for digit, family in book.classes.items():
        yield f"code-{digit}", draw(f"{digit}xx", family.short, words["site"], COLOURS[digit])
    for name in ("code-other", "reason", "bounce", "page"):
        yield name, draw("", words[name], words["site"], INK)


def draw(code: str, title: str, below: str, colour: str) -> bytes:
    """Draw a card: a bar in the colour of the class, what the page is about, and the site."""
    image = Image.new("RGB", SIZE, GROUND)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, 28, SIZE[1]), fill=colour)
    _write(pen, 70, "smtpcodes", 40, QUIET, bold=True)
    y = 190
    if code:
        _write(pen, y, code, 120, colour, bold=True)
        y += 150
    for line in _wrap(pen, title, 76):
        _write(pen, y, line, 76, INK, bold=True)
        y += 94
    for number, line in enumerate(_wrap(pen, below, 34)):
        _write(pen, SIZE[1] - 130 + 46 * number, line, 34, QUIET)
    out = io.BytesIO()
    # Few colours: a card is a handful of kilobytes.
    image.quantize(32, method=Image.Quantize.FASTOCTREE).save(out, "PNG")
    return out.getvalue()


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont), "this Pillow lacks FreeType; its wheels have it"
    return font


def _write(pen: ImageDraw.ImageDraw, y: int, text: str, size: int, colour: str, bold: bool = False) -> None:
    """Write one line; the font has one weight, so a heavier one is drawn with its outline."""
    pen.text((LEFT, y), text, fill=colour, font=_font(size), stroke_width=size // 40 if bold else 0, stroke_fill=colour)


def _wrap(pen: ImageDraw.ImageDraw, text: str, size: int) -> list[str]:
    """Divide a text over lines that fit."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if pen.textlength(longer, _font(size)) > SIZE[0] - 2 * LEFT and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines
