"""Work out inheritance once, so that neither the package nor any reader of the JSON needs to.

In: the validated YAML. Out: records in which every answer and every text stands on its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tools.source import Path_, Source, nearest, order

Record = dict[str, Any]

ANSWERS = ("bounce", "suppress", "retry", "actor")
PROSE = ("outcome", "outcome_unqueued", "for_sender", "for_recipient", "for_sender_admin", "for_recipient_admin")
SEVERITY = {2: "positive", 3: "intermediate", 4: "transient", 5: "permanent"}
_NOTHING: Record = {}


def resolve(source: Source) -> Record:
    """Return the resolved records; raise SourceError for relations and answers that cannot be right."""
    return _Resolver(source).run()


class _Resolver:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.data = source.data
        self.reasons = {record["name"]: record for record in self.data["reasons"]}
        self.classes = {record["code"]: record for record in self.data["classes"]}
        self.statuses = {record["code"]: record for record in self.data["statuses"]}
        self.replies = {record["code"]: record for record in self.data["replies"]}
        self.resolved_statuses: dict[str, Record] = {}

    def run(self) -> Record:
        self.check_relations()
        self.source.stop_if_wrong()
        related = self.invert_related()
        statuses = [
            one for number, record in enumerate(self.data["statuses"]) for one in self.status(number, record, related)
        ]
        replies = [self.reply(number, record, related) for number, record in enumerate(self.data["replies"])]
        self.source.stop_if_wrong()
        codes = [*replies, *(status for status in statuses if not status["code"].startswith("X"))]
        return {
            "site": self.data["site"],
            "repository": self.data["repository"],
            "labels": [self.label(name, group) for name, group in self.data["labels"].items()],
            "bounces": [self.plain(record, name=record["name"]) for record in self.data["bounces"]],
            "classes": [
                self.plain(record, code=record["code"], severity=record["severity"]) for record in self.data["classes"]
            ],
            "subjects": [self.plain(record, code=record["code"]) for record in self.data["subjects"]],
            "reasons": [self.reason(record, codes) for record in self.data["reasons"]],
            "replies": replies,
            "statuses": statuses,
            "diagnostics": [self.diagnostic(record) for record in self.data["diagnostics"]],
        }

    # Relations

    def check_relations(self) -> None:
        data, mistake = self.data, self.source.mistake
        subjects = {record["code"] for record in data["subjects"]}
        servers = {record["name"] for record in data["servers"]}

        def known(path: Path_, value: Any, names: Iterable[Any], what: str) -> None:
            if value not in names:
                mistake(path, f"{value!r} is not a known {what}{nearest(str(value), [str(name) for name in names])}")

        def reasons(path: Path_, record: Record) -> None:
            for number, name in enumerate(record.get("reasons", [])):
                known((*path, "reasons", number), name, self.reasons, "reason")

        for number, record in enumerate(data["reasons"]):
            known(("reasons", number, "subject"), record["subject"], subjects, "subject")
            for index, name in enumerate(record.get("related", [])):
                place: Path_ = ("reasons", number, "related", index)
                known(place, name, self.reasons, "reason")
                if record["name"] in self.reasons.get(name, _NOTHING).get("related", []) and name < record["name"]:
                    mistake(place, f"already written at {name}: a relation stands in one place")
        for kind in ("replies", "statuses"):
            for number, record in enumerate(data[kind]):
                path: Path_ = (kind, number)
                reasons(path, record)
                for index, sense in enumerate(record.get("senses", [])):
                    reasons((*path, "senses", index), sense)
                for digit, part in record.get("by_class", {}).items():
                    reasons((*path, "by_class", digit), part)
                for index, other in enumerate(record.get("related", [])):
                    known(
                        (*path, "related", index),
                        other,
                        self.replies if isinstance(other, int) else self.statuses,
                        "code",
                    )
                    back = (self.replies if isinstance(other, int) else self.statuses).get(other, _NOTHING)
                    if other == record["code"]:
                        mistake((*path, "related", index), "a code is not related to itself")
                    elif record["code"] in back.get("related", []) and order(other) < order(record["code"]):
                        mistake(
                            (*path, "related", index), f"already written at {other}: a relation stands in one place"
                        )
        for number, record in enumerate(data["replies"]):
            if "stands_for" in record:
                known(("replies", number, "stands_for"), record["stands_for"], self.statuses, "status")
            if "mark" in record:
                self.check_dialogue(("replies", number), record)
        for number, record in enumerate(data["statuses"]):
            self.check_classes(("statuses", number), record)
        seen: dict[tuple[str, str], str] = {}
        for number, record in enumerate(data["diagnostics"]):
            path = ("diagnostics", number)
            known((*path, "reason"), record["reason"], self.reasons, "reason")
            if "server" in record:
                known((*path, "server"), record["server"], servers, "server")
            for index, fragment in enumerate(record["match"]):
                key = (record.get("server", ""), fragment.casefold())
                if seen.setdefault(key, record["reason"]) != record["reason"]:
                    mistake((*path, "match", index), f"another row with this fragment says {seen[key]!r}")
            if not any(fragment.casefold() in record["sample"].casefold() for fragment in record["match"]):
                mistake((*path, "sample"), "holds none of the fragments of `match`")
        for kind in ("phrases", "exceptions"):
            for number, record in enumerate(data[kind]):
                known((kind, number, "reason"), record["reason"], self.reasons, "reason")

    def check_dialogue(self, path: Path_, record: Record) -> None:
        lines, mark = record["dialogue"], record["mark"]
        if mark > len(lines):
            self.source.mistake((*path, "mark"), f"there are only {len(lines)} lines")
        elif not lines[mark - 1].startswith(f"S: {record['code']}"):
            self.source.mistake((*path, "mark"), f"line {mark} does not start with 'S: {record['code']}'")

    def check_classes(self, path: Path_, record: Record) -> None:
        digits = concrete_classes(record)
        if twice := set(record["classes"]) & set(record.get("also_seen", [])):
            self.source.mistake((*path, "also_seen"), f"class {min(twice)} is already in `classes`")
        for name in ("by_class", "samples"):
            for digit in record.get(name, {}):
                if int(digit) not in digits:
                    self.source.mistake(
                        (*path, name, digit), f"class {digit} is neither in `classes` nor in `also_seen`"
                    )
        for digit, line in record.get("samples", {}).items():
            code = record["code"].replace("X", digit, 1)
            if not line.startswith(digit) or code not in line.split()[:2]:
                self.source.mistake((*path, "samples", digit), f"does not start with a {digit}xx reply code and {code}")

    def invert_related(self) -> dict[Any, list[Any]]:
        related: dict[Any, set[Any]] = {}
        for record in [*self.data["replies"], *self.data["statuses"]]:
            for other in record.get("related", []):
                related.setdefault(record["code"], set()).add(other)
                related.setdefault(other, set()).add(record["code"])
        return {code: sorted(others, key=order) for code, others in related.items()}

    # Answers

    def answers(self, digit: int, record: Record, inherited: Record | None = None) -> tuple[Record, set[str]]:
        """Finish each reason for the class, take what all agree on, let written answers win.

        Returns the answers, and the names of those that were written although they equal the inherited ones.
        """
        if inherited is None:
            finished = [_finish(self.reasons[name], digit) for name in record.get("reasons", [])]
            inherited = _agree(finished) if finished else _class_answers(digit)
        written = {name: _plain(record[name]) for name in ANSWERS if name in record}
        return {**inherited, **written}, {name for name in written if written[name] == inherited[name]}

    def complain(self, path: Path_, record: Record, superfluous: set[str]) -> None:
        for name in sorted(superfluous):
            self.source.mistake((*path, name), f"{_word(record[name])} equals the inherited answer: leave it out")

    def texts(self, *chain: Record, family: Record = _NOTHING, answers: Record = _NOTHING) -> Record:
        """Look each text up along the chain, then in the class; the first record that has it wins.

        A reason without advice for the receiving admin has none on purpose, and where there is nothing to bounce the
        server that refused is the sender's own: there the general advice of the class would be wrong.
        """
        result: Record = {}
        bounces = answers.get("bounce") != "none"
        family = {**family, **family.get("by_retry", {}).get(answers.get("retry"), {})}
        for name in PROSE:
            general = name != "for_recipient_admin" or (bounces and not any("name" in part for part in chain))
            found = [part[name] for part in (*chain, *([family] if general else [])) if part.get(name) is not None]
            result[name] = found[0] if found else [] if name.startswith("for_") else None
        return result

    def only_reason(self, record: Record) -> Record:
        names = record.get("reasons", [])
        return self.reasons[names[0]] if len(names) == 1 else _NOTHING

    def check_advice(self, path: Path_, digit: int, record: Record, *above: Record) -> None:
        """Ask for advice of its own where a code has several reasons: it cannot borrow that of one of them."""
        if digit not in (4, 5) or "stands_for" in record:
            return
        chain = (record, *above)
        names: list[str] = next((part["reasons"] for part in chain if "reasons" in part), [])
        if not names and not all(any(name in part for part in chain) for name in ANSWERS):
            self.source.mistake(path, "needs `reasons`, `stands_for`, or all of bounce, suppress, retry and actor")
        if len(names) > 1:
            for name in ("for_sender", "for_sender_admin"):
                if not any(name in part for part in chain):
                    self.source.mistake(path, f"missing {name!r}: with several reasons a code has advice of its own")

    # Records

    def plain(self, record: Record, **keys: Any) -> Record:
        return {
            **keys,
            **{name: record[name] for name in ("title", "short", "meaning")},
            **self.texts(record),
            "notes": record.get("notes", []),
            "references": record["references"],
        }

    def label(self, name: str, group: Record) -> Record:
        values = [
            {"name": key, "title": value.get("title"), "literal": value.get("literal")}
            for key, value in group["values"].items()
        ]
        return {"name": name, "title": group["title"], "short": group["short"], "values": values}

    def reason(self, record: Record, codes: list[Record]) -> Record:
        mine = [code for code in codes if record["name"] in code["reasons"]]
        related = {other["name"] for other in self.data["reasons"] if record["name"] in other.get("related", [])}
        return {
            **self.plain(record, name=record["name"], subject=record["subject"]),
            "bounce": record.get("bounce"),
            **{name: _plain(record[name]) for name in ("suppress", "retry", "actor")},
            "codes": [str(code["code"]) for code in mine if code.get("standing") != "lore"],
            "related": sorted(related | set(record.get("related", []))),
        }

    def reply(self, number: int, record: Record, related: dict[Any, list[Any]]) -> Record:
        path: Path_ = ("replies", number)
        code = record["code"]
        digit = code // 100
        family = self.classes.get(digit, _NOTHING)
        meant = self.ghost(path, record)
        self.check_advice(path, digit, record)
        answers, superfluous = self.answers(digit, record, {name: meant[name] for name in ANSWERS} if meant else None)
        self.complain(path, record, superfluous)
        texts = self.texts(record, meant or self.only_reason(record), family=family, answers=answers)
        if texts["outcome"] is None:
            self.source.mistake(path, "missing 'outcome': a code outside classes 2 to 5 has to say it itself")
        return {
            "code": code,
            "standing": record.get("standing", "current"),
            "stands_for": meant["code"] if meant else None,
            "severity": SEVERITY.get(digit),
            **answers,
            **{name: record[name] for name in ("title", "short", "meaning")},
            **texts,
            "notes": record.get("notes", []),
            "wording": record.get("wording"),
            "commands": record.get("commands", []),
            "reasons": record.get("reasons", meant["reasons"] if meant else []),
            "statuses": self.typical_statuses(code),
            "senses": [
                self.sense((*path, "senses", index), sense, record, digit, answers)
                for index, sense in enumerate(record.get("senses", []))
            ],
            "dialogue": record.get("dialogue", []),
            "mark": record.get("mark"),
            "references": record["references"],
            "related": [str(other) for other in related.get(code, [])],
        }

    def diagnostic(self, record: Record) -> Record:
        names = ("id", "match", "reason", "source", "checked", "sample")
        return {
            **{name: record[name] for name in names},
            "server": record.get("server"),
            "unofficial": record.get("unofficial", False),
            "replies": record.get("replies", []),
            "statuses": record.get("statuses", []),
            "meaning": record.get("meaning", self.reasons[record["reason"]]["meaning"]),
            **{name: record.get(name, []) for name in PROSE if name.startswith("for_")},
        }

    def ghost(self, path: Path_, record: Record) -> Record:
        """Find the concrete code a dotless ghost stands for: 571 is 5.7.1."""
        if "stands_for" not in record:
            return _NOTHING
        code = record["stands_for"].replace("X", str(record["code"])[0], 1)
        found = self.resolved_statuses.get(code)
        if found is None:
            self.source.mistake(
                (*path, "stands_for"), f"{code} does not exist: its class is in neither list of {record['stands_for']}"
            )
        return found or _NOTHING

    def sense(self, path: Path_, sense: Record, record: Record, digit: int, above: Record) -> Record:
        answers, superfluous = self.answers(digit, sense, None if "reasons" in sense else above)
        self.complain(path, sense, superfluous)
        self.check_advice(path, digit, sense, record)
        return {
            "commands": sense["commands"],
            "wording": sense.get("wording"),
            **answers,
            "title": sense.get("title", record["title"]),
            "meaning": sense["meaning"],
            **self.texts(
                sense,
                self.only_reason(sense),
                record,
                self.only_reason(record),
                family=self.classes.get(digit, _NOTHING),
                answers=answers,
            ),
            "notes": sense.get("notes", []),
            "reasons": sense.get("reasons", record.get("reasons", [])),
            "references": sense["references"],
        }

    def typical_statuses(self, code: int) -> list[str]:
        digit = code // 100
        return [
            pattern.replace("X", str(digit), 1)
            for pattern, status in self.statuses.items()
            if code in [*status["replies"], *status.get("also_replies", [])] and digit in concrete_classes(status)
        ]

    def status(self, number: int, record: Record, related: dict[Any, list[Any]]) -> list[Record]:
        """Return the record of the pattern (X.1.1), then one for each class (4.1.1, 5.1.1)."""
        path: Path_ = ("statuses", number)
        digits = concrete_classes(record)
        pattern = record["code"]
        shared: Record = {
            "pattern": pattern,
            "subject": pattern.rpartition(".")[0],
            "codes": [pattern.replace("X", str(digit), 1) for digit in digits],
            "standing": record.get("standing", "current"),
            "wording": record.get("wording"),
            "references": record["references"],
            "related": [str(other) for other in related.get(pattern, [])],
        }
        concrete: list[Record] = []
        superfluous = set(ANSWERS)
        for digit in digits:
            part = record.get("by_class", {}).get(str(digit), _NOTHING)
            part_path = (*path, "by_class", str(digit)) if part else path
            self.check_advice(part_path, digit, part, record)
            # What a record says of a failure says nothing of a success.
            whole = (
                record if digit in (4, 5) else {name: record[name] for name in record if name in ("outcome", "notes")}
            )
            own = {"reasons": part.get("reasons", whole.get("reasons", []))}
            names = own["reasons"]
            answers, same = self.answers(digit, own if "reasons" in part else {**whole, **own})
            superfluous &= same if digit in (4, 5) else superfluous
            answers, same = self.answers(digit, part, answers)
            self.complain(part_path, part, same)
            concrete.append(
                {
                    "code": pattern.replace("X", str(digit), 1),
                    "official": digit in record["classes"],
                    "severity": SEVERITY[digit],
                    **answers,
                    "title": part.get("title", record["title"]),
                    "short": part.get("short", record["short"]),
                    "meaning": part.get("meaning", record["meaning"]),
                    **self.texts(
                        part,
                        *([self.only_reason(part)] if "reasons" in part else []),
                        whole,
                        self.only_reason(own),
                        family=self.classes[digit],
                        answers=answers,
                    ),
                    "notes": [*part.get("notes", []), *record.get("notes", [])],
                    "reasons": names,
                    "replies": [code for code in record["replies"] if code // 100 == digit],
                    "also_replies": [code for code in record.get("also_replies", []) if code // 100 == digit],
                    "sample": record.get("samples", {}).get(str(digit)),
                    **shared,
                }
            )
        # A status answers for several classes: what it states is superfluous only if it changes none of them.
        self.complain(path, record, superfluous & record.keys())
        for one in concrete:
            self.resolved_statuses[one["code"]] = one
        return [self.pattern(record, concrete, shared), *concrete]

    def pattern(self, record: Record, concrete: list[Record], shared: Record) -> Record:
        same = {
            name: values[0] if all(value == values[0] for value in values) else None
            for name in ("severity", *ANSWERS, *PROSE)
            if (values := [one[name] for one in concrete])
        }
        return {
            "code": record["code"],
            "official": True,
            **{name: ([] if value is None and name.startswith("for_") else value) for name, value in same.items()},
            "title": record["title"],
            "short": record["short"],
            "meaning": record["meaning"],
            "notes": record.get("notes", []),
            "reasons": record.get("reasons", []),
            "replies": record["replies"],
            "also_replies": record.get("also_replies", []),
            "sample": None,
            **shared,
        }


def concrete_classes(status: Record) -> list[int]:
    """Return the classes a status exists in: what the RFC says and what servers send."""
    return sorted({*status["classes"], *status.get("also_seen", [])})


def _finish(reason: Record, digit: int) -> Record:
    """Say what a reason means in a class: in class 4 a queue still has the message."""
    result = {**_class_answers(digit), **{name: _plain(reason[name]) for name in ("suppress", "retry", "actor")}}
    if "bounce" in reason:
        result["bounce"] = reason["bounce"]
    if digit == 4:
        result["suppress"] = False
        if result["retry"] != "after_fix":
            result["retry"] = "automatic"
    return result


def _class_answers(digit: int) -> Record:
    if digit == 4:
        return {"bounce": "soft", "suppress": False, "retry": "automatic", "actor": None}
    if digit == 5:
        return {"bounce": "hard", "suppress": None, "retry": None, "actor": None}
    if digit in (2, 3):
        return {"bounce": "none", "suppress": False, "retry": None, "actor": "nobody"}
    return dict.fromkeys(ANSWERS)


def _agree(answers: list[Record]) -> Record:
    return {
        name: answers[0][name] if all(one[name] == answers[0][name] for one in answers) else None for name in ANSWERS
    }


def _plain(value: Any) -> Any:
    return None if value == "unknown" else value


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
