"""Read PO files, refuse those that would mislead a reader, and compile them to MO files."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from tools.source import SourceError

DOMAIN = "smtpcodes"

_SPAN = re.compile(r"`[^`]*`")
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
_URL = re.compile(r"https?://[^\s<>`\"')]+")
# What a translator must not change: 550, 4xx, 5.1.1, X.7, RFC 5321, §4.2.3.
_CODE = re.compile(
    r"(?<![\w.])(?:[2-5](?:\d\d|xx|yz)|[245X](?:\.\d{1,3}){1,2}|[245]\.(?:\d{1,3}|x)\.x|RFC \d+|§[\d.]*\d)(?!\w)"
)

_KEPT = (("code span", _SPAN), ("placeholder", _PLACEHOLDER), ("address", _URL), ("code", _CODE))


def po_files(root: Path) -> dict[str, Path]:
    """Return the PO file of each language, by language, sorted."""
    return {path.parts[-3]: path for path in sorted(root.glob(f"locales/*/LC_MESSAGES/{DOMAIN}.po"))}


def read(path: Path) -> Catalog:
    """Read a PO file; raise SourceError with file and line if it is malformed."""
    try:
        with path.open("rb") as file:
            return read_po(file, locale=path.parts[-3], domain=DOMAIN, abort_invalid=True)
    except PoFileError as error:
        raise SourceError([f"{_name(path)}:{error.lineno + 1}: malformed PO file: {error}"]) from None
    except UnicodeDecodeError as error:
        raise SourceError([f"{_name(path)}: not UTF-8: {error.reason} at byte {error.start}"]) from None
    except (ValueError, AttributeError, IndexError) as error:
        raise SourceError([f"{_name(path)}: malformed PO file: {error}"]) from None


def check(path: Path, catalog: Catalog) -> list[str]:
    """Return what a translation lost or changed that every language needs to have alike."""
    return [
        f"{_name(path)}:{message.lineno}: {problem}"
        for message in catalog
        if message.id and message.string and not message.fuzzy
        for problem in differences(message)
    ]


def differences(message: Message) -> list[str]:
    """Say what a translation lost or added among code spans, placeholders, addresses and codes."""
    problems = []
    for what, pattern in _KEPT:
        ours, theirs = _found(message.id, what, pattern), _found(message.string, what, pattern)
        problems += [f"lost the {what} {item} of {_short(message)}" for item in sorted(ours - theirs)]
        problems += [f"has a {what} {item} that is not in {_short(message)}" for item in sorted(theirs - ours)]
    return problems


def compile_mo(catalog: Catalog, target: Path) -> None:
    """Write the MO file, whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".part")
    with partial.open("wb") as file:
        write_mo(file, catalog)
    partial.replace(target)


def coverage(catalog: Catalog, msgids: Iterable[str]) -> float:
    """Return the share of the texts that the catalogue translates, from 0 to 1."""
    wanted = list(msgids)
    done = sum(1 for msgid in wanted if (message := catalog.get(msgid)) and message.string and not message.fuzzy)
    return round(done / len(wanted), 4) if wanted else 1.0


def _found(text: str | tuple[str, ...] | list[str] | None, what: str, pattern: re.Pattern[str]) -> set[str]:
    joined = text if isinstance(text, str) else " ".join(text or ())
    if what == "code":
        joined = _URL.sub(" ", _SPAN.sub(" ", joined))
    return {item.rstrip(".,;:") for item in pattern.findall(joined)}


def _short(message: Message) -> str:
    text = message.id if isinstance(message.id, str) else message.id[0]
    return f"'{text[:50]}…'" if len(text) > 50 else f"'{text}'"


def _name(path: Path) -> str:
    return "/".join(path.parts[-4:])
