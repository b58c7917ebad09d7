"""Choose a language and translate: one language for a record, and English where it has a gap."""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gettext import GNUTranslations, NullTranslations

__all__ = ["DOMAIN", "LOCALES_DIR", "languages"]

DOMAIN = "smtpcodes"
"""The gettext domain of the catalogues in `LOCALES_DIR`."""

LOCALES_DIR = os.path.join(os.path.dirname(os.path.abspath(__file__)), "_data", "locales")
"""The folder with the compiled catalogues, for an app that translates with gettext, Babel or Flask-Babel itself."""

SOURCE_LANGUAGE = "en"

# A language as people and programs write it: nl, nl_NL, nl-BE, nl_NL.UTF-8, nl_NL@euro.
_TAG = re.compile(r"[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8})*")


def languages() -> dict[str, float]:
    """Return the languages there are, each with the share of its texts that is translated, from 0 to 1."""
    from smtpcodes._records import load

    return dict(load()["languages"])


def choose(preferences: str | Iterable[str] | None) -> str:
    """Return the first available language among the reader's preferences, otherwise English.

    preferences: a language tag (`nl`, `nl-BE`, `nl_NL.UTF-8`), an Accept-Language header (RFC 9110 section 12.5.4),
    or several of these in order of preference.
    """
    if not preferences:
        return SOURCE_LANGUAGE
    if isinstance(preferences, str):
        return _choose((preferences,))
    return _choose(tuple(str(item) for item in preferences))


@functools.lru_cache(maxsize=256)
def _choose(preferences: tuple[str, ...]) -> str:
    available = {language.replace("_", "-").lower(): language for language in languages()}
    for header in preferences:
        for tag in _by_quality(header):
            parts = tag.replace("_", "-").lower().split("-")
            for length in range(len(parts), 0, -1):
                found = available.get("-".join(parts[:length]))
                if found:
                    return found
    return SOURCE_LANGUAGE


def _by_quality(header: str) -> list[str]:
    """List the tags of an Accept-Language header, best first; a plain tag is a header with one."""
    ranked = []
    for item in header[:1000].split(","):
        tag, _, parameters = item.strip().partition(";")
        found = _TAG.match(tag)
        quality = re.search(r"q\s*=\s*([\d.]+)", parameters)
        try:
            weight = float(quality.group(1)) if quality else 1.0
        except ValueError:
            weight = 0.0
        if found and weight > 0:
            ranked.append((-weight, found.group()))
    return [tag for _, tag in sorted(ranked, key=lambda pair: pair[0])]


@functools.cache
def translations(language: str) -> NullTranslations | GNUTranslations:
    """Return the catalogue of an available language; English texts are their own translation."""
    import gettext

    if language == SOURCE_LANGUAGE:
        return gettext.NullTranslations()
    with open(os.path.join(LOCALES_DIR, language, "LC_MESSAGES", f"{DOMAIN}.mo"), "rb") as file:
        return gettext.GNUTranslations(file)
