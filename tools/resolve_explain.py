"""Work out what `explain` answers: texts and answers of each reason and row, in every class they can come in.

Class 0 stands for a text without any code, such as `Connection refused` in a log.
"""

from __future__ import annotations

from tools.resolve import ANSWERS, PROSE, Record, _Resolver
from tools.source import Path_, Source

CLASSES = (0, 4, 5)


def resolve_explain(source: Source) -> Record:
    """Return the second JSON file of the package; raise SourceError for rows that cannot be right."""
    result = _ExplainResolver(source).explain()
    source.stop_if_wrong()
    return result


class _ExplainResolver(_Resolver):
    def explain(self) -> Record:
        rows = list(enumerate(self.data["diagnostics"]))
        return {
            "servers": [
                {
                    **{name: record.get(name) for name in ("name", "label", "kind", "official")},
                    "signs": record.get("signs", []),
                }
                for record in self.data["servers"]
            ],
            "rows": {record["id"]: found for number, record in rows if (found := self.row(number, record))},
            "reasons": {name: self.every_class({}, record) for name, record in self.reasons.items()},
            "phrases": self.data["phrases"],
            "unrecognized": self.unrecognized(),
            "exceptions": {record["reason"]: self.exception(record) for record in self.data["exceptions"]},
            "remarks": {
                record["name"]: {"text": record["text"], "source": record["source"]} for record in self.data["remarks"]
            },
        }

    def row(self, number: int, record: Record) -> Record | None:
        """Return what a row says on top of its reason, in each class; None if that is nothing."""
        path: Path_ = ("diagnostics", number)
        reason = self.reasons[record["reason"]]
        codes = [*record.get("replies", []), *record.get("statuses", [])]
        superfluous = set(ANSWERS) & record.keys()
        for digit in {int(str(code)[0]) for code in codes} or {4, 5}:
            superfluous &= self.answers(digit, record, self.of_reason(digit, reason))[1]
        self.complain(path, record, superfluous)
        own, base = self.every_class(record, reason), self.every_class({}, reason)
        changed = {
            digit: {name: value for name, value in own[digit].items() if value != base[digit][name]} for digit in own
        }
        return changed if any(changed.values()) else None

    def exception(self, record: Record) -> Record:
        """Return what is said instead of a reason's texts; nothing of it is for the recipient's side."""
        said = {name: value for name, value in record.items() if name != "reason"}
        return {**said, "for_recipient": [], "for_recipient_admin": [], "notes": []}

    def every_class(self, record: Record, reason: Record) -> Record:
        return {str(digit): self.finished(digit, record, reason) for digit in CLASSES}

    def finished(self, digit: int, record: Record, reason: Record) -> Record:
        """Return answers and texts of a reason, or of a row on top of it, in a class."""
        answers, _ = self.answers(digit, record, self.of_reason(digit, reason))
        family = self.classes.get(digit) or self.unrecognized()
        return {
            **answers,
            "title": reason["title"],
            "short": reason["short"],
            "meaning": record.get("meaning", reason["meaning"]),
            **self.texts(record, reason, family=family, answers=answers),
            "notes": [*record.get("notes", []), *reason.get("notes", [])],
            "references": [record["source"]] if "source" in record else reason["references"],
        }

    def of_reason(self, digit: int, reason: Record) -> Record:
        return self.answers(digit, {"reasons": [reason["name"]]})[0]

    def unrecognized(self) -> Record:
        record: Record = self.data["unrecognized"]
        texts = {name: record.get(name, [] if name.startswith("for_") else None) for name in PROSE}
        return {**dict.fromkeys(ANSWERS), **record, **texts, "notes": record.get("notes", [])}
