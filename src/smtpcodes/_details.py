"""Find what a reply says beside its reason: how long to wait, and whose list the sender is on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

__all__ = ["blocklist", "retry_after"]

_SECONDS = {"s": 1, "m": 60, "h": 3600, "u": 3600, "o": 3600, "d": 86400, "t": 86400, "j": 86400}
_SECONDS |= {"с": 1, "м": 60, "ч": 3600, "秒": 1, "分": 60, "小": 3600, "時": 3600}
# Words that speak of another attempt, in the languages servers answer in. Folded, as the text is.
_AGAIN = frozenset(
    (
        *("again", "retry", "retries", "wait", "graylist", "graylisted", "graylisting", "greylist"),
        *("greylisted", "greylisting", "later", "deferred", "delayed", "back", "until", "expires", "minimum"),
        *("throttled", "postponed", "throttling", "opnieuw", "wacht", "erneut", "wieder", "warten"),
        *("reessayer", "reessayez", "attendre", "reintentar", "intente", "espere", "riprova", "riprovare"),
        *("tente", "aguarde", "intentarlo", "intentelo", "повторите", "попробуите", "позже", "через"),
        *("重试", "再试", "稍后", "稍後", "再送", "後に"),
    )
)
_UNITS = frozenset(
    (
        *("s", "sec", "secs", "second", "seconds", "seconde", "secondes", "sekunde", "sekunden", "segundo"),
        *("segundos", "secondi", "seconden", "m", "min", "mins", "minute", "minutes", "minuten", "minuto"),
        *("секунд", "секунду", "секунды", "минут", "минуту", "минуты", "час", "часа", "часов"),
        *("秒后", "秒後", "分钟", "分後", "小时", "時間"),
        *("minutos", "minuti", "h", "hr", "hrs", "hour", "hours", "uur", "heure", "heures", "stunde"),
        *("stunden", "hora", "horas", "ore", "day", "days", "dagen", "tag", "tage", "jour", "jours"),
    )
)
_UNSPACED = "[\u3040-\u9fff]"  # in scripts without spaces there are no ends of words


def _any_of(words: Set[str]) -> str:
    unspaced = {one for one in words if re.match(_UNSPACED, one)}
    spaced = "|".join(sorted(words - unspaced, reverse=True))
    return rf"(?:\b|(?<=\d))(?:{spaced})(?![^\W\d_])|{'|'.join(sorted(unspaced))}"


_ANCHOR = re.compile(_any_of(_AGAIN))
_TIME = re.compile(
    rf"(?:(?<![\w.:/-])|(?<=\d[dhm])|(?<={_UNSPACED}))(\d{{1,6}})\s?(?:-\s?\d{{1,6}}\s?)?({_any_of(_UNITS)}|d(?=\s?\d{{1,2}}\s?[hms]\b))"
)
# Between two parts of one time: `1 hour and 30 minutes`.
_JOINT = re.compile(r"(?:,? and|,| und| en| et| y| e)? ?")
# How long it has taken already, or how long the queue goes on, is no time to wait.
_ELAPSED = re.compile(r"(?:exceeded after|delayed|retry for|retrying for|trying for) $")
_CLOCK = re.compile(r"(?<![\w.:/-])(\d{1,2}):([0-5]\d):([0-5]\d)(?![\w:])")
_BARE = re.compile(r"\bretry[- ]?after[:=]?\s{0,3}(\d{1,6})(?![\w.:/-])")

_LONGEST = 14 * 86_400
_ZONE = re.compile(
    r"\b(?:blocked (?:using|by|at)|listed (?:at|in|on|by)|(?:black|block|deny) ?list(?:ed)? (?:at|in|on|by|using)|"
    r"rejected by|found in|"
    r"rbl|dnsbl|using)\s{0,3}[:=]?\s{0,3}[\[(\"']?((?:[a-z0-9_-]{1,40}\.){1,6}[a-z]{2,20})(?![\w@])",
    re.IGNORECASE,
)
# The name of a zone is that without the key of a customer before it.
_KEY = re.compile(r"^\w{20,}\.(?=[\w.]{1,60}\.(?:dq\.spamhaus|abusix)\.)")
# The owner of a list as people write it, or a part of its zone; and its name.
_LISTS = {
    "spamhaus": "Spamhaus",
    "spamcop": "SpamCop",
    "barracudacentral": "Barracuda",
    "uceprotect": "UCEPROTECT",
    "sorbs": "SORBS",
    "abuseat": "CBL",
    "surriel": "PSBL",
    "mailspike": "Mailspike",
    "invaluement": "Invaluement",
    "dronebl": "DroneBL",
    "senderscore": "Sender Score",
    "nixspam": "NiX Spam",
    "surbl": "SURBL",
    "uribl": "URIBL",
    "backscatterer": "Backscatterer",
    "spamrats": "SpamRATS",
    "gbudb": "GBUdb",
    "hostkarma": "Hostkarma",
    "lashback": "LashBack",
    "spameatingmonkey": "Spam Eating Monkey",
    "cloudmark": "Cloudmark",
    "proofpoint": "Proofpoint",
    "trendmicro": "Trend Micro",
    "senderbase": "Talos",
    "talosintelligence": "Talos",
    "abusix": "Abusix",
}


_SIGNS = {"using", "listed", "list", "blocklist", "blocklisted", "blacklist", "blacklisted", "denylist", "rbl", "dnsbl"}


def retry_after(folded: str, words: Set[str]) -> int | None:
    """Return the seconds that the server asks to wait, if it says so.

    folded: what it said, words: the words of that.
    """
    if _AGAIN.isdisjoint(words):
        return None
    for start, end, seconds in _times(folded) if not _UNITS.isdisjoint(words) else ():
        elapsed = _ELAPSED.search(folded, max(0, start - 24), start)
        if not elapsed and seconds <= _LONGEST and _is_near(folded, start, end):
            return seconds
    if "after" in words and (bare := _BARE.search(folded)):
        return int(bare.group(1)) or None
    for clock in _CLOCK.finditer(folded) if folded.count(":") > 1 else ():
        if _is_near(folded, *clock.span()):
            hours, minutes, seconds = map(int, clock.groups())
            return hours * 3600 + minutes * 60 + seconds or None
    return None


def _times(folded: str) -> Iterator[tuple[int, int, int]]:
    """Yield where each time begins and ends, and its seconds; `2 hours and 5 minutes` is one."""
    start = end = total = unit = 0
    for found in _TIME.finditer(folded):
        one = _SECONDS[found.group(2)[0]]
        seconds = int(found.group(1)) * one
        if total and one < unit and seconds < unit and _JOINT.fullmatch(folded, end, found.start()):
            total, unit, end = total + seconds, one, found.end()
            continue
        if total:
            yield start, end, total
        start, end, total, unit = found.start(), found.end(), seconds, one
    if total:
        yield start, end, total


def _is_near(text: str, start: int, end: int) -> bool:
    """Tell whether a word that speaks of another attempt stands close to a time."""
    return _ANCHOR.search(text, max(0, start - 60), end + 60) is not None


def blocklist(text: str, folded: str, words: Set[str]) -> str | None:
    """Return the zone of the list that is named (`zen.spamhaus.org`), else the name of the list."""
    known = _LISTS.keys() & words
    if known or not _SIGNS.isdisjoint(words):
        zone = _ZONE.search(text)
        if zone and not zone.group(1).lower().endswith((".html", ".php", ".htm")):
            return _KEY.sub("", zone.group(1).lower())
    if known and any(word in folded for word in ("list", "block", "bl", "reputation")):
        return _LISTS[str(min(known, key=str))]
    return None
