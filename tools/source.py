"""Read `codes/smtp.yaml` and say precisely what is wrong with it.

PyYAML keeps the last of two equal keys and forgets line numbers, so the nodes are turned into Python values here.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

# The one list of fields that are translated. Extraction, localisation, coverage and pages all follow it.
TEXT_FIELDS = (
    "title",
    "short",
    "meaning",
    "outcome",
    "outcome_unqueued",
    "for_sender",
    "for_recipient",
    "for_sender_admin",
    "for_recipient_admin",
    "notes",
    "text",
)

# Top-level lists: how one of their records is called in messages, and the key that identifies it.
KINDS = {
    "bounces": ("bounce", "name"),
    "classes": ("class", "code"),
    "subjects": ("subject", "code"),
    "reasons": ("reason", "name"),
    "replies": ("reply", "code"),
    "statuses": ("status", "code"),
    "servers": ("server", "name"),
    "diagnostics": ("diagnostic", "id"),
    "phrases": ("phrase", "language"),
    "exceptions": ("exception", "reason"),
    "remarks": ("remark", "name"),
}

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CODE_SPAN = re.compile(r"`[^`]+`")
_MARKDOWN = (
    ("`", "a backtick without its partner"),
    ("<", "a bare '<': put literal text in a `code span`"),
    (">", "a bare '>': put literal text in a `code span`"),
    ("*", "an asterisk: only `code spans` are allowed"),
    ("](", "a Markdown link: only `code spans` are allowed"),
    ("__", "Markdown emphasis: only `code spans` are allowed"),
)

Path_ = tuple[str | int, ...]


class SourceError(Exception):
    """Say everything that is wrong with the input at once, a line each: file, line, record, what was expected."""

    def __init__(self, mistakes: list[str]) -> None:
        self.mistakes = mistakes
        super().__init__("\n".join(mistakes))


@dataclass
class Source:
    """Hold the values of the YAML file, where each of them stands, and what was found wrong."""

    name: str
    data: dict[str, Any] = field(default_factory=dict)
    lines: dict[Path_, int] = field(default_factory=dict)
    mistakes: list[tuple[int, str]] = field(default_factory=list)

    def line(self, path: Path_) -> int:
        """Return the line of a value, or of the nearest thing around it that has one."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def where(self, path: Path_) -> str:
        """Name the record and field of a path the way people speak: `reply 550, for_sender 2`."""
        words: list[str] = []
        rest = path
        if len(path) >= 2 and path[0] in KINDS and isinstance(path[1], int):
            kind, key = KINDS[str(path[0])]
            records = self.data.get(str(path[0]), [])
            record = records[path[1]] if path[1] < len(records) else {}
            label = record.get(key, f"number {path[1] + 1}") if isinstance(record, dict) else f"number {path[1] + 1}"
            words, rest = [f"{kind} {label}"], path[2:]
        elif path and path[0] == "labels":
            words, rest = [" ".join(["label", *map(str, path[1:2])])], path[2:]
        elif path and path[0] == "unrecognized":
            words, rest = ["explanation of an unknown text"], path[1:]
        for part in rest:
            if isinstance(part, int) and words:
                words[-1] += f" {part + 1}"
            else:
                words.append(str(part))
        return ", ".join(words)

    def mistake(self, path: Path_, message: str) -> None:
        """Note a mistake at a path; all of them are reported together."""
        line = self.line(path)
        place = self.where(path)
        self.mistakes.append((line, f"{self.name}:{line}: {place + ': ' if place else ''}{message}"))

    def stop_if_wrong(self) -> None:
        """Raise SourceError with every mistake noted so far, in the order of the file."""
        if self.mistakes:
            raise SourceError([message for _, message in sorted(dict.fromkeys(self.mistakes))])


def parse(content: bytes, name: str) -> Source:
    """Read YAML into plain values, with the line of each; raise SourceError for a syntax error.

    Other mistakes, such as a key that is there twice, are noted in the result.
    """
    source = Source(name)
    try:
        node = yaml.compose(content.decode("utf-8"), Loader=_LOADER)
    except UnicodeDecodeError as error:
        raise SourceError([f"{name}: not UTF-8: {error.reason} at byte {error.start}"]) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        context = f" {error.context}" if error.context else ""
        raise SourceError(
            [f"{name}:{mark.line + 1 if mark else 1}: YAML syntax error: {error.problem or ''}{context}"]
        ) from None
    except yaml.YAMLError as error:
        raise SourceError([f"{name}: not YAML: {' '.join(str(error).split())}"]) from None
    if not isinstance(node, yaml.MappingNode):
        raise SourceError([f"{name}:1: expected a mapping with the keys of the header"])
    source.data = _value(node, (), source, set())
    return source


def read(path: Path, schema: Path) -> Source:
    """Read and validate the YAML file against its schema and the rules that a schema cannot express.

    Raises SourceError: for a syntax error alone, for everything else with all mistakes at once.
    """
    source = parse(path.read_bytes(), f"{path.parent.name}/{path.name}")
    validator = Draft202012Validator(json.loads(schema.read_text(encoding="utf-8")))
    for problem in validator.iter_errors(source.data):
        _explain(problem, source)
    if not source.mistakes:
        _check_order(source)
        _check_texts(source)
    source.stop_if_wrong()
    return source


def texts(data: dict[str, Any]) -> Iterator[tuple[Path_, str]]:
    """Yield every translatable text of the YAML file with its path, in the order of the file."""
    yield from _texts(data, (), False)


def _texts(value: Any, path: Path_, is_text: bool) -> Iterator[tuple[Path_, str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(item, (*path, key), key in TEXT_FIELDS)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _texts(item, (*path, number), is_text)
    elif is_text and isinstance(value, str):
        yield path, value


def _value(node: yaml.Node, path: Path_, source: Source, seen: set[int]) -> Any:
    source.lines.setdefault(path, node.start_mark.line + 1)
    if id(node) in seen:
        source.mistake(path, "an alias (*name): write the value out, so that every record can be read by itself")
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, number), source, seen) for number, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            source.lines.setdefault((*path, key), key_node.start_mark.line + 1)
            if key in result:
                source.lines[(*path, key)] = key_node.start_mark.line + 1
                source.mistake((*path, key), f"the key {key!r} is here twice")
            result[key] = _value(value_node, (*path, key), source, seen)
        return result
    if node.tag.endswith(":int"):
        try:
            return int(node.value)
        except ValueError:
            return str(node.value)
    if node.tag.endswith(":bool"):
        return node.value.lower() in ("true", "yes", "on")
    if node.tag.endswith(":null"):
        return None
    return str(node.value)


def _explain(problem: ValidationError, source: Source) -> None:
    """Turn a schema error into a sentence for the person who wrote the YAML."""
    path: Path_ = tuple(problem.absolute_path)
    rule = problem.validator
    value: Any = problem.instance
    expected: Any = problem.validator_value
    schema: Any = problem.schema
    if rule == "additionalProperties" and isinstance(value, dict):
        known = sorted(schema.get("properties", {}))
        for key in value.keys() - set(known):
            source.mistake((*path, key), f"unknown key {key!r}{nearest(key, known)}")
    elif rule in ("required", "dependentRequired"):
        missing = re.match(r"'(.*?)'", problem.message)
        source.mistake(path, f"missing {missing.group(1) if missing else 'key'!r}")
    elif rule == "minLength" or value == "" or value is None:
        source.mistake(path, "is empty: leave the field out when there is nothing to say")
    elif rule == "enum":
        words = ", ".join(str(item).lower() if isinstance(item, bool) else str(item) for item in expected)
        source.mistake(path, f"{value!r} is not one of: {words}")
    elif rule == "const":
        source.mistake(path, f"{value!r} is not allowed here, only {expected!r}")
    elif rule == "pattern":
        about = schema.get("description", f"expected something like {expected}")
        source.mistake(path, f"{value!r} has the wrong form: {about}")
    elif rule == "type":
        source.mistake(path, f"expected {_a(str(expected))}, found {value!r}")
    elif rule == "maxLength":
        source.mistake(path, f"{value!r} has {len(value)} characters: at most {expected}")
    elif rule == "oneOf":
        source.mistake(path, f"{value!r} fits none of the forms that are allowed here")
    else:
        source.mistake(path, problem.message)


def _a(kind: str) -> str:
    return {"array": "a list", "object": "a mapping", "integer": "a whole number", "string": "a text"}.get(kind, kind)


def nearest(word: str, known: list[str]) -> str:
    """Guess what was meant, for the end of a message; otherwise list what there is, if that is little."""
    if near := difflib.get_close_matches(word, known, 1):
        return f" (did you mean {near[0]!r}?)"
    return f" (known: {', '.join(known)})" if len(known) <= 25 else ""


def order(key: Any) -> tuple[Any, ...]:
    """Sort codes as numbers (X.1.10 after X.1.9) and names as words."""
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in str(key).split("."))


def _check_order(source: Source) -> None:
    for kind, (word, key) in KINDS.items():
        if kind == "phrases":
            continue
        keys = [record[key] for record in source.data[kind]]
        for number, this in enumerate(keys):
            if this in keys[:number]:
                source.mistake((kind, number), f"this {word} is here twice")
            elif (
                number
                and kind in ("classes", "subjects", "replies", "statuses")
                and order(this) < order(keys[number - 1])
            ):
                source.mistake((kind, number), f"out of order: it belongs before {word} {keys[number - 1]}")


def _check_texts(source: Source) -> None:
    for path, text in texts(source.data):
        bare = _CODE_SPAN.sub("", text)
        for sign, problem in _MARKDOWN:
            if sign in bare:
                source.mistake(path, f"has {problem}")
        if re.search(r"(?<!\w)_\w", bare):
            source.mistake(path, "has an underscore at the start of a word: put literal text in a `code span`")
        if text != text.strip() or "\n" in text:
            source.mistake(path, "has a line break or space at its end: fold prose with >-")
