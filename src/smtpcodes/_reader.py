"""Read what a server said: the reply code, the enhanced status code and the words, and nothing that only looks so.

Numbers hide in IP addresses, host names, URLs, times and sizes; so those are blotted out before anything is looked for.
Every pattern starts at a fixed place or takes what it matches without giving back: reading takes time in proportion to
the length, whatever the text.
"""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["Reading", "read"]

LIMIT = 16_000
"""How many characters count. A reply has a few hundred; a longer text keeps its beginning and its end."""

_TAIL = 4_000
_BLOT = "\x01"
_LOCAL_PART = 66  # with its quotes


class Reading(NamedTuple):
    """What stands in a reply.

    `words` is its text without codes, on one line. `telling` is what follows the reply code, without mail addresses;
    `bare` is the same without URLs, host names and IP addresses too. `wrapper` is what stands before the
    reply, `whole` everything that was given, both without mail addresses.
    """

    code: int | None
    status: str | None
    words: str
    telling: str
    bare: str
    wrapper: str
    whole: str


# A word with a sign in it that addresses, URLs, host names and times have, behind what stands before a word. It never
# gives back, hence linear; a pattern that begins with one sign of a few is looked for fastest.
_ODD_WORD = re.compile(
    r"[\s<>(\[\"',;=（【《：，。；]([^\s<>(\[\"',;=@./:（【《：，。；]*+[@./:][^\s<>()\[\]\"',;（）【】《》，。；]++)"
)
_URL = re.compile(r"(?:https?|ftp|mailto):", re.IGNORECASE)
_LABEL = re.compile(r"[A-Za-z]{2,20}:")
# IPv4 (x.xx.x.x where somebody made it unreadable), a date or a time; IPv6.
_STRAY = re.compile(r"[xX\d]{1,4}(?:[.:/-][xX\d]{1,4}){2,}|[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}")
_ENHANCED = re.compile(r"(?:[2-5]\d\d-)?[#-]?[245]\.\d{1,3}\.\d{1,3}[.:]?")
_HOST = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63}){0,20}\.[a-z][a-z0-9-]{1,62}\.?(?::\d+|[.:]+)?", re.ASCII)
_HOST_ANY_CASE = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+){2,20}", re.ASCII)

# `554-mx.example.com ESMTP`: the words of a reply may begin with a host name. `213-0-113-9.example.com` is one whole.
_GREETING = re.compile(r"[245][0-5]\d-(?:[A-Za-z]|\d{1,3}(?:\.\d{1,3}){3})", re.ASCII)
# A reply at the very start, behind what a DSN or a library puts before it.
_START = re.compile(
    r"[\s\"'`“”‘«#<(\[{|*]{0,8}(?:(?:smtp|x-?[a-z][\w-]{0,30}|lmtp|esmtp|unknown)\s{0,3}[;:]\s{0,8}[\"'#<(\[]{0,3})?"
    r"([2-5]\d\d)(?![\w.%/@])(?![,:]\d)",
    re.IGNORECASE | re.ASCII,
)
# What may not stand before it is looked up last: a search for digits is a fast one.
_CODE = re.compile(r"([2-5]\d\d)(?<![\w.\-/@%+$&^~]\d{3})(?![\w%/@])(?![.,:]\d(?!\.\d{1,3}\.\d))", re.ASCII)
_STATUS = re.compile(r"([245]\.(?:0|[1-9]\d{0,2})\.(?:0|[1-9]\d{0,2}))(?![\w@/]|[.:-]\d)", re.ASCII)
# Right behind the reply code, at most one word in between: `550 5.1.1`, `550-5.7.1`, `550 #5.1.0`, `450 foo 4.7.1`.
_STATUS_NEXT = re.compile(
    r"[\s:,;\]-]{1,4}(?:[a-z_]{2,12}\s)?(?:b?['\"])?[#(\[]{0,2}([245]\.(?:0|[1-9]\d{0,2})\.(?:0|[1-9]\d{0,2}))(?![\w@/]|[.:]\d)",
    re.ASCII,
)
_AMOUNT = re.compile(
    r"[\s-](?:%|(?:[kmg]i?b|bytes|octets|characters|lines|seconds|secs?|minutes|mins?|hours|days|times|attempts|hops)\b)",
    re.IGNORECASE,
)
_COUNT = re.compile(r"\s(?:messages|e?-?mails|recipients|connections|users|addresses|per|of)\b", re.IGNORECASE)
_VERSION = re.compile(
    r"(?:version|exim|powermta|pmta|zimbra|amavisd?(?:-new)?|communigate|mailenable|hmailserver|"
    r"esmtp|php|postfix|sendmail|dovecot|haraka|qmail|release|build|v|ver\.?|rule|section|rfc)[ \t(/]*\Z",
    re.IGNORECASE,
)
# What stands right before a reply in the middle of a text.
_SAID = re.compile(
    r"(?:\b(?:said|says|replied|returned|responded(?:\swith)?|response|answered|answer|reply|error|reason|code|status|"
    r"server|with|failed|failure|got|was|is|diagnostic-code|talk\sto\sme|command|data|greeting|connection|erreur|fehler|"
    r"stat|smtp|lmtp|x-unix|x-[a-z]+)[\s:=#\"'`“(<\[-]{0,6}|[;>:\]|][\s\"'`“(<\[#-]{1,4}|[;>:'\"`“‘«|(\t]|\*\*|<<<\s?|\s-\s|[245]\.\d{1,3}\.\d{1,3}[\s:;(-]{1,3}|-{2,3}>?\s?|\#|[\u3000-\u9fff\uff08\uff0c\uff1a\uff1b]|\x01,\s?)$",
    re.IGNORECASE,
)
_LINE_START = re.compile(r"(?:^|\n)[ \t]{0,20}(?:<<<|<--?|<\*\*|>{1,3}|S:|R:|\[?\d\d:\d\d:\d\d\]?)?[ \t`]{0,8}$")
# Only said because something went wrong before it.
_AFTERMATH = re.compile(
    r"[\s-]+(?:#?5\.\d\.\d\s)?(?:need\s(?:rcpt|mail)|valid rcpt|no (?:valid )?recip|error: no valid|bad sequence|"
    r"(?:<[^<>\n]{0,256}>\s?\.{0,3}\s)?service unavailable\s*$)",
    re.IGNORECASE,
)
# `MAIL FROM command failed,not owned by user,553,5.7.1`, `MAIL FROM command failed,550,,not valid`
_LISTED = re.compile(r",(?:[245]\.\d{1,3}\.\d{1,3})?(?:,|\s*$)|$")
# Behind a host, a time or a comma a number is a reply where words begin.
_WORDS_NEXT = re.compile(r"[ -][A-Z<]")
# `5.1.0 - Unknown address error 550-'no mailbox'`, as AsyncOS says it.
_QUOTES_NEXT = ("-'", '-"')
# `could not close the connection, 553 No mailbox`, but no `Example Corp, 512 Main Street`
_COMMA = re.compile(r"(?:^|\s)[a-z]{3,}, $")
# What is no refusal and yet a reply; other numbers of that size are those of processes, ports and lines.
_NO_REFUSALS = ("211", "214", "220", "221", "235", "250", "251", "252", "334", "354")
# What a program that sends over HTTP adds; hardly a server says these over SMTP.
_HTTP = ("400", "403", "404", "405", "406", "409", "410", "415", "429")
# `Expected response code "250/251" but got code "550"`
_EXPECTED = re.compile(r"xpected (?:response |reply |status )?(?:codes? )?[\"'\[(]{0,2}(?:\d{3}[/, ]{1,2}){0,4}$")
_WORD_BEFORE = re.compile(r"[g-zG-Z][a-zA-Z]*$")
_NOT_BEFORE_STATUS = "_.@/-"
_CLOSING = ("(in reply to ", "(state ")


def read(reply: object) -> Reading:
    """Read a reply: str, bytes, or a pair of code and text as smtplib gives. Never raises."""
    if isinstance(reply, (tuple, list)) and len(reply) == 2:
        known = isinstance(reply[0], int) and 200 <= reply[0] <= 599
        first = str(int(reply[0])) if known else _text(reply[0])
        if _NUMBER.fullmatch(first):
            return _read(_text(reply[1]), int(first))
        return _read(_text(f"{first}\n{_text(reply[1])}" if isinstance(reply[0], (str, bytes)) else reply[1]), None)
    return _read(_text(reply), None)


def _text(value: object) -> str:
    """Decode and shorten; what is not text is written out."""
    if isinstance(value, str):
        text = value
    elif isinstance(value, (bytes, bytearray, memoryview)):
        text = _decoded(bytes(value[: 4 * LIMIT]))
    elif value is None:
        return ""
    else:
        try:
            text = str(value)
        except Exception:  # a stranger's __str__ may raise anything
            return ""
    if len(text) > LIMIT:
        text = f"{text[: LIMIT - _TAIL]}\n{text[-_TAIL:]}"
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\\" in text:  # as Python and others print it
        text = text.replace("\\r", "  ").replace("\\n", " \n").replace("\\'", "'")
        if "\\x" in text and text.isascii():
            text = _unescaped(text)
    if "\n>" in text:
        text = _QUOTED.sub("", text)
    if "_" in text and text.count("_") > text.count(" ") and _UNDERSCORED.search(text):
        text = text.replace("_", " ")
    return text


# What a delivery status says of the words behind it.
_KIND = re.compile(r"\s{0,8}(?:smtp|lmtp|esmtp|unknown|x-[a-z][\w-]{0,30})\s{0,3};\s{0,8}", re.IGNORECASE | re.ASCII)
_NUMBER = re.compile(r"[2-5]\d\d", re.ASCII)
# What a mail program puts before a quoted line; `>>>` is the transcript of a program.
_QUOTED = re.compile(r"^>(?!>)[ \t]?", re.MULTILINE)


# So qmail writes a space in its log: `Remote_host_said:_550_`. In an address hardly a sign stands before one.
_UNDERSCORED = re.compile(r"[,.:;]_")
_HIGH = re.compile(rb"[\x80-\xff]+")


# Bytes above ASCII, as Python and others print them.
_ESCAPED = re.compile(rb"\\x([89a-fA-F][0-9a-fA-F])")


def _unescaped(text: str) -> str:
    r"""Decode what was printed as `\xe9`, from the first such byte to the last."""
    raw = text.encode("ascii")
    places = [found.span() for found in _ESCAPED.finditer(raw)]
    if not places:
        return text
    start, end = places[0][0], places[-1][1]
    written = _ESCAPED.sub(lambda found: bytes.fromhex(found.group(1).decode("ascii")), raw[start:end])
    return text[:start] + _decoded(written) + text[end:]


def _decoded(raw: bytes) -> str:
    """Decode as UTF-8, else as what the bytes look like: a reply says nothing about its encoding."""
    try:
        return raw.decode("utf-8") if b"\x1b$" not in raw else raw.decode("iso2022_jp")
    except UnicodeDecodeError:
        pass
    runs = _HIGH.findall(raw)
    letters = b"".join(runs)
    encoding = "latin-1"
    if len(letters) >= 4:
        # Where an alphabet has its small letters: nearly all of a text is there. Chinese spreads out, in pairs.
        if sum(0xC0 <= letter < 0xE0 for letter in letters) > 0.85 * len(letters) and len(letters) * 3 > len(raw):
            encoding = "koi8_r"
        elif sum(letter >= 0xE0 for letter in letters) > 0.75 * len(letters) and len(letters) * 3 > len(raw):
            encoding = "cp1251"
        elif all(len(run) % 2 == 0 for run in runs):
            encoding = "gb18030"
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _read(text: str, given: int | None) -> Reading:
    telling, bare, last = _blotted(text)
    code, start, end = (given, 0, len(text)) if given else _find_code(bare)
    if code is None and (kind := _KIND.match(text)):
        start = kind.end()
    status, behind = _find_status(bare, code, start, end)
    if text.endswith(")") and text.startswith(_CLOSING, last_bracket := text.rfind("(")) and last_bracket >= behind:
        end = min(end, last_bracket)
    words, said, rest = text[behind:end], telling[start:end], bare[behind:end]
    if "\n" in words or (code and str(code) in words):
        many = text.startswith("-", start)
        words, said, rest = (_unfolded(part, code, status, many) for part in (words, said, rest))
    return Reading(
        code, status, " ".join(words.split()), said, rest if last >= behind else said, telling[:start], telling
    )


def _blotted(text: str) -> tuple[str, str, int]:
    """Return the text without mail addresses, and without everything that holds stray numbers; the length stays.

    Third comes where the last of those others begins, or -1.
    """
    addresses: list[tuple[int, int]] = []
    others: list[tuple[int, int]] = []
    for found in _ODD_WORD.finditer(f" {text}"):
        word = found.group(1)
        start, end = found.start(), found.end() - 1
        if word[3:4] == "-" and word[:1] in "245" and _GREETING.match(word) and _begins(text, start):
            start += 4
            word = word[4:]
        if ":" in word:
            if _URL.match(word):
                others.append((start, end))
                continue
            if label := _LABEL.match(word):
                start += label.end()
                word = word[label.end() :]
        if "@" in word:
            # Sendmail: `anna@example.com... User unknown`; and a reply may follow a colon.
            end = start + word.index("...") if "..." in word else end - (word[-1] == ":")
            if word[0] == "@" and text[start - 1 : start] == '"':  # `"anna b"@example.com`
                quote = text.rfind('"', max(0, start - _LOCAL_PART), start - 1)
                start = quote if quote >= 0 and "\n" not in text[quote:start] else start
            addresses.append((start, end))
        elif _ENHANCED.fullmatch(word):
            continue
        elif _HOST.fullmatch(word) or _STRAY.match(word) or _HOST_ANY_CASE.fullmatch(word):
            others.append((start, end - (word[-1] == ":" and "." in word)))
    last = others[-1][0] if others else -1
    if not addresses:
        return text, _without(text, others), last
    telling = _without(text, addresses)
    return telling, _without(text, sorted(addresses + others)) if others else telling, last


def _begins(text: str, start: int) -> bool:
    """Tell whether a reply can begin here: at the beginning of a line, or behind a colon."""
    return start == 0 or text[start - 1] == "\n" or text[start - 2 : start] in (": ", "; ")


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    if not spans:
        return text
    parts: list[str] = []
    last = 0
    for start, end in spans:
        parts += (text[last:start], _BLOT * (end - max(start, last)))
        last = max(end, last)
    parts.append(text[last:])
    return "".join(parts)


def _find_code(text: str) -> tuple[int | None, int, int]:
    """Return the reply code, where its text starts and where it ends.

    A reply that quotes another one decides itself; in a transcript the last refusal decides, except what was only
    said because of an earlier one.
    """
    end = len(text)
    first = _START.match(text)
    in_lines = "\n" in text
    numbered = text[:1] == " " and first and not _is_possible(first.group(1))  # `  277   == anna@example.com`
    if first and not numbered and not _AMOUNT.match(text, first.end()):
        if not in_lines and first.group(1)[0] in "45":
            return int(first.group(1)), first.end(), end
    else:
        first = None
    found: list[tuple[int, int, bool]] = []
    for match in _CODE.finditer(text):
        start = match.start(1)
        if first and start == first.start(1):
            found.append((int(match.group(1)), match.end(), True))
            continue
        if not _is_possible(match.group(1)) or _AMOUNT.match(text, match.end()):
            continue
        before = text[max(0, start - 24) : start]
        if _EXPECTED.search(before) or (match.group(1) in _HTTP and not before.endswith(("\n", '"', "'", "`"))):
            continue
        at_line = (start < 24 or "\n" in before) and _LINE_START.search(before) is not None
        introduced = before.rstrip(" '\"").endswith((":", ";", ">")) and not before.endswith(_BLOT + ": ")
        if not introduced and _COUNT.match(text, match.end()):
            continue
        if before.endswith(("]:", "):", _BLOT + ":")) and not _STATUS_NEXT.match(text, match.end()):
            continue  # a port
        if match.group(1) == "443" and before.endswith(_BLOT + ": "):
            continue  # that of HTTPS
        if before.endswith("[") and before[-2:-1].isalnum() and text.startswith("]:", match.end()):
            continue  # the number of a process
        if (
            at_line
            or _STATUS_NEXT.match(text, match.end())
            or (_is_likely(match.group(1)) and _SAID.search(before))
            or (before.endswith(_BLOT + " ") and _WORDS_NEXT.match(text, match.end()))
            or (_is_likely(match.group(1)) and _COMMA.search(before) and _WORDS_NEXT.match(text, match.end()))
            or (before.endswith(_BLOT + "]: ") and text.startswith((" ", "-"), match.end()))
            or (before.endswith(",") and _LISTED.match(text, match.end()))
            or (_is_likely(match.group(1)) and text.startswith(_QUOTES_NEXT, match.end()))
        ):
            if not in_lines and match.group(1)[0] in "45":
                return int(match.group(1)), match.end(), end
            found.append((int(match.group(1)), match.end(), at_line))
    if not found:
        return None, 0, end
    lines = [one for one in found if one[2]]
    if len({one[0] for one in lines}) > 1:
        return _deciding(text, lines)
    refusals = [one for one in found if one[0] >= 400]
    code, start, at_line = (refusals or found)[0]
    return code, start, end


def _is_possible(code: str) -> bool:
    return code[0] in "45" or code in _NO_REFUSALS


def _is_likely(code: str) -> bool:
    """Tell whether a number in the middle of a text can be a reply code.

    The second digit of a reply code is 0 to 5 (RFC 5321 section 4.2.1), or 7 where servers make 571 of 5.7.1.
    """
    return code[1] not in "689"


def _deciding(text: str, found: list[tuple[int, int, bool]]) -> tuple[int, int, int]:
    """Choose the reply that decides a transcript, with the continuation lines that belong to it."""
    refusals = [one for one in found if one[0] >= 400]
    # Sendmail marks what the other server said; its own summary, below that, may have another code.
    heard = [one for one in refusals if text[max(0, one[1] - 9) : one[1] - 3].rstrip().endswith("<<<")]
    chosen = [one for one in heard or refusals if not _AFTERMATH.match(text, one[1])] or refusals or found
    code, start, _ = chosen[-1]
    place = found.index(chosen[-1])
    while place and found[place - 1][0] == code:
        place -= 1
    later = [one[1] for one in found if one[1] > start and one[0] != code]
    return code, found[place][1], (later[0] - 3 if later else len(text))


def _find_status(text: str, code: int | None, start: int, end: int) -> tuple[str | None, int]:
    """Return the enhanced status code, and where the words start."""
    digit = str(code // 100) if code else ""
    if code and (next_to := (_STATUS_NEXT.match(text, start) if start else _STATUS_AT_START.match(text))):
        return next_to.group(1), _past(text, next_to.end())
    below = _STATUS_BELOW.search(text, 0, start)
    for region in ((start, end), (0, start)):
        for match in _STATUS.finditer(text, *region):
            status = match.group(1)
            before = text[match.start() - 1 : match.start()]
            if before and (before in _NOT_BEFORE_STATUS or (before.isalnum() and before.isascii())):
                continue
            # `STATUS :5.1.1`, `Code:5.1.1`, but no part of an IPv6 address or a time.
            if (
                before == ":"
                and not (text[: match.start() - 1] or "0")[-1].isspace()
                and not _WORD_BEFORE.search(text, max(0, match.start() - 6), match.start() - 1)
            ):
                continue
            if digit and status[0] != digit:
                continue
            if not "0" <= status[2] <= "7" or status[3] != ".":
                continue
            if _VERSION.search(text, max(0, match.start() - 16), match.start()):
                continue
            if below and status.endswith(".0.0") and match.end() <= below.start():
                continue  # `Status: 5.0.0`, and in the field below it a code that says more
            at_start = not code and not text[start : match.start()].strip(" \n#([")
            return status, _past(text, match.end()) if at_start else start
        if region[1] == end and not start:
            break
    if code and (labelled := _STATUS_LABELLED.search(text)):
        return labelled.group(1), _past(text, start) if start else start
    return None, _past(text, start) if code and start else start


# What a log or a report says apart from the reply, whatever class that has.
_STATUS_LABELLED = re.compile(
    r"(?:\bdsn=|\bstatus: |\bfailed; |\(#)([245]\.(?:0|[1-9]\d{0,2})\.(?:0|[1-9]\d{0,2}))(?![\w@/]|[.:]\d)",
    re.IGNORECASE | re.ASCII,
)
_STATUS_BELOW = re.compile(r"\ndiagnostic-code: ?[a-z0-9-]{1,20}; ?[45]\.[1-7]\.", re.IGNORECASE)
_STATUS_AT_START = re.compile(
    r"\s{0,4}[#(\[]{0,2}([245]\.(?:0|[1-9]\d{0,2})\.(?:0|[1-9]\d{0,2}))(?![\w@/]|[.:]\d)", re.ASCII
)


def _past(text: str, position: int) -> int:
    """Step over what separates a code from its words."""
    limit = min(len(text), position + 8)
    while position < limit and text[position] in " \t\n-:)],;'\"":
        position += 1
    return position


def _unfolded(text: str, code: int | None, status: str | None, many: bool) -> str:
    """Take out the code that every line of a reply repeats; many: the first line says that more follow."""
    if code and str(code) in text:
        for prefix in (f"{code}-{status}", f"{code} {status}", f"{code}-#{status}") if status else ():
            if prefix in text:
                text = text.replace(prefix, " ")
        if f"{code}-" in text:
            text = text.replace(f" {code}-", " ").replace(f"\n{code}-", " ")
            many = True
        if many:
            text = text.replace(f" {code} ", " ")
        text = text.replace(f"\n{code} ", " ")
    if status and f"\n{status}" in text:
        text = text.replace(f"\n{status}", " ")
    return text
