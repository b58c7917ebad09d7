"""A mistake gets an answer that says where it is and what was expected; nothing is built from it."""

import pytest

from tools.compile import compile_data
from tools.source import SourceError

YAML = "codes/smtp.yaml"
PO = "locales/nl/LC_MESSAGES/smtpcodes.po"


def mistakes(root) -> list[str]:
    with pytest.raises(SourceError) as caught:
        compile_data(root)
    assert not (root / "src").exists(), "nothing may be half-written"
    return caught.value.mistakes


def line_of(root, name: str, text: str) -> int:
    lines = (root / name).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def test_sources_as_they_are_have_no_mistakes(project):
    root = project()
    compile_data(root)
    assert (root / "src/smtpcodes/_data/records.json").exists()
    assert (root / "src/smtpcodes/_data/locales/nl/LC_MESSAGES/smtpcodes.mo").exists()


def test_yaml_syntax_error_is_reported_alone_with_its_line(project):
    root = project((YAML, "  - code: 550\n", "  - code: 550\n   wording: 'oops\n"))
    (message,) = mistakes(root)
    assert message.startswith("codes/smtp.yaml:")
    assert "YAML syntax error" in message


def test_all_schema_mistakes_are_reported_at_once(project):
    root = project(
        (YAML, "  - code: 211\n", "  - code: 211\n    colour: green\n"),
        (YAML, "  - code: 214\n", "  - code: 214\n    retry: sometimes\n"),
        (YAML, "    suppress: false\n", "    suppress: maybe\n"),
        (YAML, "    title: System status", "    heading: System status"),
    )
    found = mistakes(root)
    line = line_of(root, YAML, "colour: green")
    assert f"codes/smtp.yaml:{line}: reply 211, colour: unknown key 'colour'" in "\n".join(found)
    line = line_of(root, YAML, "retry: sometimes")
    assert f"codes/smtp.yaml:{line}: reply 214, retry: 'sometimes' is not one of: automatic, later" in "\n".join(found)
    assert any("missing 'title'" in message for message in found)
    assert any("'maybe' is not one of: true, false" in message for message in found)
    assert len(found) == 5


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("  - code: 214\n", "  - code: 211\n", "reply 211: this reply is here twice"),
        ("  - code: 214\n", "  - code: 210\n", "reply 210: out of order: it belongs before reply 211"),
        ("    subject: X.1\n", "    subject: X.1\n    subject: X.2\n", "the key 'subject' is here twice"),
        ("reasons: [mailbox_full", "reasons: [mailbox_ful", "not a known reason (did you mean 'mailbox_full'?)"),
        ("    related: [214", "    related: [214, 299", "299 is not a known code"),
        ("    related: [214", "    related: [214, 999", "fits none of the forms"),
        ("  - code: 214\n", "  - code: 214\n    related: [211]\n", "already written at 211: a relation"),
        ("    title: Service ready\n", "    title: ''\n", "is empty: leave the field out"),
        ("    title: Service ready\n", "    title:\n", "is empty: leave the field out"),
        ("    title: Service ready\n", "    title: Service <ready>\n", "a bare '<'"),
        ("    title: Service ready\n", "    title: Service **ready**\n", "an asterisk"),
        ("    title: Service ready\n", "    title: Service [ready](220.md)\n", "a Markdown link"),
        ("    title: Service ready\n", "    title: Service `ready\n", "a backtick without its partner"),
        ("    title: Service ready\n", "    title: [Service, ready]\n", "expected a text"),
        ("    title: Service ready\n", "    title: &anchor Service ready\n    short: *anchor\n", "an alias"),
        ("    actor: nobody\n    title: Mailbox busy", "    title: Mailbox busy", "missing 'actor'"),
        ("    mark: 2\n", "    mark: 9\n", "mark: there are only"),
        ("    references: [RFC 5321", "    references: [rfc5321", "has the wrong form"),
    ],
)  # fmt: skip
def test_mistake_is_named_with_file_line_and_expectation(project, old, new, expected):
    root = project((YAML, old, new))
    found = mistakes(root)
    assert any(expected in message for message in found), found
    assert all(message.startswith("codes/smtp.yaml:") for message in found)
    assert all(message.split(":")[1].isdigit() for message in found)


def test_answer_that_equals_the_inherited_one_is_a_mistake(project):
    root = project((YAML, "  - code: 550\n", "  - code: 550\n    bounce: hard\n"))
    (message,) = mistakes(root)
    line = line_of(root, YAML, "    bounce: hard")
    assert message == f"codes/smtp.yaml:{line}: reply 550, bounce: hard equals the inherited answer: leave it out"


def test_two_rows_with_one_fragment_and_two_reasons_are_a_mistake(project):
    row = (
        "  - id: postfix/other\n    server: postfix\n    match: [': relay access denied']\n    reason: user_unknown\n"
        "    source: RFC 5321\n    checked: 2026-11-23\n    sample: '554 no: relay access denied'\n\n"
    )
    root = project((YAML, "\nphrases:\n", f"\n{row}phrases:\n"))
    text = (root / YAML).read_text(encoding="utf-8")
    head, _, tail = text.partition(row)
    before, marker, after = head.rpartition("\n# ---")
    (root / YAML).write_text(
        before.rstrip("\n") + "\n\n" + row.rstrip("\n") + "\n" + marker + after + tail, encoding="utf-8"
    )
    assert any("another row with this fragment says 'relay_denied'" in message for message in mistakes(root))


def test_file_that_is_not_utf8_says_so(project):
    root = project()
    with (root / YAML).open("ab") as file:
        file.write(b"# \xff\n")
    (message,) = mistakes(root)
    assert message.startswith("codes/smtp.yaml: not UTF-8")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda text: text + '\nmsgid "unfinished\n', "malformed PO file"),
        (lambda text: text.replace("`MAIL FROM`", "`mail from`", 1), "code span `"),
        (lambda text: text.replace('msgstr "', 'msgstr "Zie 5.9.9: ', 3), "has a code 5.9.9 that is not in"),
    ],
    ids=["malformed", "lost code span", "changed code"],
)
def test_bad_translation_is_named_with_file_and_line(project, change, expected):
    root = project()
    path = root / PO
    header, _, entries = path.read_text(encoding="utf-8").partition("\n\n")
    if "malformed" not in expected:
        msgid, _, rest = entries.partition("\nmsgstr")
        entries = msgid + "\nmsgstr" + rest
    lines = [line for line in entries.split("\n")]
    if "code span" in expected:
        entries = "\n".join(change(line) if line.startswith("msgstr") else line for line in lines)
    else:
        entries = change(entries)
    path.write_text(f"{header}\n\n{entries}", encoding="utf-8")
    found = mistakes(root)
    assert any(expected in message for message in found), found
    assert all(message.startswith("nl/LC_MESSAGES/smtpcodes.po:") or "locales/nl" in message for message in found)


def test_lost_placeholder_is_refused(project):
    root = project()
    path = root / PO
    entry = '\n#, python-format\nmsgid "What %(code)s means here"\nmsgstr "Wat de code betekent"\n'
    path.write_text(path.read_text(encoding="utf-8") + entry, encoding="utf-8")
    assert any("lost the placeholder %(code)s" in message for message in mistakes(root))


def test_lost_address_is_refused(project):
    root = project()
    path = root / PO
    entry = '\nmsgid "See https://example.org/a"\nmsgstr "Zie https://example.org/b"\n'
    path.write_text(path.read_text(encoding="utf-8") + entry, encoding="utf-8")
    assert any("lost the address https://example.org/a" in message for message in mistakes(root))
