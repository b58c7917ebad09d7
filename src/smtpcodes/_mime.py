"""Look into a message without parsing all of it: headers, and the parts that are asked for.

The standard library builds every part of a message and recurses for nesting; a bounce needs the first few parts. So
bytes are cut where they lie, nothing is copied but what is read, and nothing recurses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any, Protocol

__all__ = ["Part", "part_of"]

_HEADERS = 128 * 1024
_MOST_PARTS = 200
_VALUE = re.compile(rb"[ \t]*:[ \t]*([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)")
_TYPE = re.compile(r"\s*([\w.+-]{1,60}/[\w.+-]{1,80})")
_PARAMETER = re.compile(r";\s*([\w*-]{1,40})\s*=\s*(?:\"((?:[^\"\\]|\\.){0,998})\"?|([^\s;\"]{1,998}))")
_BOUNDARY = re.compile(rb"(?<=\n)--[\w'()+,./:=?-]{1,70}(?=\r?\n)")
_BLANKS = (b"\n\n", b"\n\r\n", b"\r\r")


class Part(Protocol):
    """A message or one of its parts."""

    @property
    def type(self) -> str:
        """The media type, in lower case."""

    def header(self, name: str) -> str:
        """Return a header, unfolded; empty if it is not there."""

    def parameter(self, name: str) -> str:
        """Return a parameter of the media type; empty if it is not there."""

    def children(self) -> Iterator[Part]:
        """Yield the parts of a multipart, but not too many, or the message in message/rfc822."""

    def text(self, limit: int) -> str:
        """Return the decoded text, as far as the limit goes."""


def part_of(message: object) -> Part | None:
    """Return a message as a part; None for what is no message."""
    if isinstance(message, str):
        message = (
            message.encode("utf-8", "surrogateescape") if _encodable(message) else message.encode("utf-8", "replace")
        )
    if isinstance(message, bytes):
        return _Bytes(message, _begin(message), len(message))
    if isinstance(message, bytearray | memoryview):
        data = bytes(message)
        return _Bytes(data, _begin(data), len(data))
    if callable(getattr(message, "get_payload", None)) and callable(getattr(message, "get", None)):
        return _Parsed(message)
    return None


def _begin(data: bytes) -> int:
    """Step over what should not stand before the first header: a byte order mark, blank lines."""
    start = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    while data[start : start + 1] in (b"\r", b"\n"):
        start += 1
    return start


def _encodable(text: str) -> bool:
    try:
        text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return False
    return True


class _Common:
    _content_type: str

    @cached_property
    def type(self) -> str:
        found = _TYPE.match(self._content_type)
        return found.group(1).lower() if found else "text/plain"

    def parameter(self, name: str) -> str:
        for found in _PARAMETER.finditer(self._content_type[:4000]):
            if found.group(1).lower().rstrip("*") == name:
                value = found.group(2) if found.group(2) is not None else found.group(3)
                return re.sub(r"\\(.)", r"\1", value) if "\\" in value else value
        return ""


class _Bytes(_Common):
    """A part that still lies in the bytes of its message."""

    def __init__(self, data: bytes, start: int, end: int) -> None:
        self._data, self._end = data, end
        while data[start : start + 5] == b"From ":  # an mbox
            start = data.find(b"\n", start, end) + 1 or end
        if data[start : start + 1] in (b"\n", b"\r"):
            block, self._body = b"", start
        else:
            last, self._body = _blank(data, start, min(end, start + _HEADERS)) or (min(end, start + _HEADERS), end)
            block = data[start:last]
        # A header is looked up where it lies: most of them are never asked for.
        self._block = b"\n" + block
        self._lower = self._block.lower().replace(b"\r", b"\n")
        self._fields: dict[str, str] = {}
        self._content_type = self.header("content-type")

    def header(self, name: str) -> str:
        value = self._fields.get(name)
        if value is None:
            value = self._fields[name] = self._look_up(b"\n" + name.encode("ascii"))
        return value

    def _look_up(self, name: bytes) -> str:
        place = self._lower.find(name)
        while place >= 0:
            if found := _VALUE.match(self._block, place + len(name)):
                return " ".join(found.group(1).decode("utf-8", "replace").split())
            place = self._lower.find(name, place + 1)
        return ""

    def children(self) -> Iterator[Part]:
        if self.type == "message/rfc822":
            yield _Bytes(self._data, self._body, self._end)
        if not self.type.startswith("multipart/"):
            return
        mark = b"--" + self.parameter("boundary").rstrip().encode("utf-8", "replace")
        if len(mark) == 2:  # some program cut the header short, so the first line that can be a boundary is one
            found = _BOUNDARY.search(self._data, self._body, min(self._end, self._body + _HEADERS))
            if found is None:
                return
            mark = found.group()
        data, start = self._data, self._next(mark, self._body)
        for _ in range(_MOST_PARTS):
            if start < 0:
                return
            line = data.find(b"\n", start, self._end)
            if line < 0 or data[start + len(mark) : start + len(mark) + 2] == b"--":
                return
            start = self._next(mark, line)
            yield _Bytes(data, line + 1, start if start >= 0 else self._end)

    def _next(self, mark: bytes, start: int) -> int:
        """Return where the next boundary line begins, else -1."""
        while (place := self._data.find(mark, start, self._end)) >= 0:
            if place == 0 or self._data[place - 1] in b"\r\n":
                after = self._data[place + len(mark) : place + len(mark) + 1]
                if after in (b"", b"\r", b"\n", b"-", b" ", b"\t"):
                    return place
            start = place + 1
        return -1

    def text(self, limit: int) -> str:
        raw = self._data[self._body : min(self._end, self._body + limit)]
        encoding = self.header("content-transfer-encoding").lower().strip()
        return _decoded(raw, encoding, self.parameter("charset"))[:limit]


def _blank(data: bytes, start: int, end: int) -> tuple[int, int] | None:
    """Return where the first blank line begins and ends. A pattern takes ten times as long as a search for bytes."""
    first = None
    for blank in _BLANKS:
        place = data.find(blank, start, first[0] + 1 if first else end)
        if place >= 0:
            first = (place, place + len(blank))
    return first


class _Parsed(_Common):
    """A part of a message that the standard library has parsed already."""

    def __init__(self, message: Any) -> None:
        self._message = message
        self._content_type = self.header("content-type")

    def header(self, name: str) -> str:
        try:
            # As it stands there: the policies of the standard library make something else of a broken one.
            pairs = self._message.raw_items() if hasattr(self._message, "raw_items") else ()
            value = next((one for key, one in pairs if key.lower() == name), None) or self._message.get(name) or ""
            return " ".join(str(value).encode("utf-8", "surrogateescape").decode("utf-8", "replace").split())
        except Exception:  # what is no message of theirs may raise anything
            return ""

    def children(self) -> Iterator[Part]:
        try:
            payload = self._message.get_payload()
            if isinstance(payload, str) and self.type.startswith("multipart/"):  # no parts without a boundary
                data = f"Content-Type: {self._content_type}\n\n{_plain(self._message)}"
                raw = data.encode("utf-8", "surrogateescape")
                yield from _Bytes(raw, 0, len(raw)).children()
        except Exception:
            return
        if isinstance(payload, list) and (self.type.startswith("multipart/") or self.type == "message/rfc822"):
            for one in payload[:_MOST_PARTS]:
                if callable(getattr(one, "get_payload", None)):
                    yield _Parsed(one)

    def text(self, limit: int) -> str:
        charset = self.parameter("charset")
        try:
            raw = _unread(self._message)
            if raw is not None:
                return _decoded(raw[:limit], "", charset)[:limit]
            payload = self._message.get_payload()
            if isinstance(payload, list):
                # The standard library makes a message of every block of a delivery status; one of RFC 6533 becomes a
                # single message, with the first block for its header.
                between = "\n" if self.type == "message/delivery-status" else "\n\n"
                payload = "\n\n".join(f"{_fields(one)}{between}{_plain(one)}" for one in payload)
            plain = str(payload)
            raw = plain[:limit].encode("utf-8", "surrogateescape")
        except Exception:
            return ""
        # Letters beyond ASCII have their charset behind them.
        encoding = self.header("content-transfer-encoding").lower().strip()
        return _decoded(raw, encoding, charset if plain.isascii() else "")[:limit]


def _unread(message: Any) -> bytes | None:
    """Return the bytes of a payload whose letters the standard library could not read, its encoding undone."""
    payload = message.get_payload()
    if isinstance(payload, str) and "\ufffd" in payload:
        raw: bytes = message.get_payload(decode=True)
        if b"\\ufffd" not in raw:  # so it writes what came as text
            return raw
    return None


def _plain(message: Any) -> str:
    raw = _unread(message)
    payload = message.get_payload() if raw is None else raw.decode("utf-8", "surrogateescape")
    return payload if isinstance(payload, str) else ""


def _fields(message: Any) -> str:
    pairs = getattr(message, "raw_items", None) or message.items
    return "\n".join(f"{name}: {_folded(str(value))}" for name, value in pairs())


def _folded(value: str) -> str:
    return "\n ".join(line.strip() for line in re.split(r"\r?\n|\r", value))


def _decoded(raw: bytes, encoding: str, charset: str) -> str:
    if encoding in ("base64", "quoted-printable"):
        import binascii

        try:
            if encoding == "quoted-printable":
                raw = binascii.a2b_qp(raw)
            else:
                clean = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
                clean = clean[: len(clean) - (len(clean) % 4 == 1)]
                raw = binascii.a2b_base64(clean + b"=" * (-len(clean) % 4))
        except binascii.Error:
            pass
    for name in (charset, "utf-8"):
        if name:
            try:
                return raw.decode(name)
            except (LookupError, UnicodeError, ValueError):
                continue
    return raw.decode("utf-8", "replace") if raw.count(b"\xc3") else raw.decode("latin-1")
