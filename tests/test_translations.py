"""Translators find every text once, with its place, and Dutch readers find all of them translated."""

import re
import subprocess

import pytest

import smtpcodes
from tests.conftest import ROOT
from tests.words import english_texts
from tools import po, source, translations
from tools.compile import read_source

POT = ROOT / "locales" / "smtpcodes.pot"
PO_FILES = translations.po_files(ROOT)

# The same word in both languages.
SAME = {"Bounce", "Bounces", "Mailbox", "Soft bounce", "Hard bounce", "soft bounce", "hard bounce", "Code", "Codes"}
SAME |= {"server"}


@pytest.fixture(scope="module")
def template():
    return po.extract(ROOT)


@pytest.fixture(scope="module", params=sorted(PO_FILES))
def catalogue(request):
    return translations.read(PO_FILES[request.param])


def ids(catalogue):
    return {(message.context, message.id) for message in catalogue if message.id}


def test_template_is_current(template):
    assert POT.read_bytes() == po.render(template), "run `make po`"


def test_po_files_are_current(template):
    for path in PO_FILES.values():
        assert path.read_bytes() == po.render(po.update(path, template)), f"run `make po`: {path.name}"


def test_every_entry_says_where_it_is_from_and_has_no_line_number(template):
    for message in template:
        if message.id:
            assert message.locations
            assert all(not line for _, line in message.locations)
            if any(name == "codes/smtp.yaml" for name, _ in message.locations):
                assert any(
                    re.match(
                        r"(reply|status|reason|bounce|class|subject|label|diagnostic|exception|remark|explanation) ", c
                    )
                    for c in message.auto_comments
                ), message
    text = POT.read_text(encoding="utf-8")
    assert re.search(r"^#\. reply 550, for_sender 1$", text, re.M)
    assert not re.search(r"^#: \S+:\d", text, re.M)


def test_dutch_is_complete_and_clean():
    dutch = translations.read(PO_FILES["nl"])
    entries = [message for message in dutch if message.id]
    assert len(entries) > 500
    assert [message.id for message in entries if not message.string] == []
    assert [message.id for message in entries if message.fuzzy] == []
    assert dutch.obsolete == {}
    assert b"#~" not in PO_FILES["nl"].read_bytes()


def test_dutch_differs_from_english():
    dutch = translations.read(PO_FILES["nl"])
    assert {message.id for message in dutch if message.id and message.id == message.string} <= SAME


def test_literals_codes_and_addresses_survive(catalogue):
    wrong = [
        problem
        for message in catalogue
        if message.id and message.string
        for problem in translations.differences(message)
    ]
    assert wrong == []


def test_babel_finds_no_fault(catalogue):
    for message in catalogue:
        assert list(message.check(catalogue)) == []


def test_msgfmt_accepts_every_catalogue_when_it_is_there(tmp_path):
    import shutil

    if tool := shutil.which("msgfmt"):
        for path in PO_FILES.values():
            done = subprocess.run(
                [tool, "--check", "-o", str(tmp_path / "x.mo"), str(path)], capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, done.stderr


def test_every_text_of_the_source_is_in_the_template(template):
    yaml = read_source(ROOT)
    wanted = {text for _, text in source.texts(yaml.data)}
    found = {
        message.id
        for message in template
        if message.id and any(name == "codes/smtp.yaml" for name, _ in message.locations)
    }
    assert found == wanted


def test_every_entry_is_shown_by_the_package_or_the_site(template):
    """What translators translate is what readers read: no more, no less."""
    shown = english_texts() | po_words_of_pages()
    assert {message.id for message in template if message.id} == shown


def po_words_of_pages() -> set[str]:
    from tools.pages import words_used

    return words_used()


def test_records_hold_no_placeholder(template):
    for message in template:
        if message.id and all(name == "codes/smtp.yaml" for name, _ in message.locations):
            assert not message.flags, message.id


def test_package_gives_the_catalogues_own_dutch():
    dutch = translations.read(PO_FILES["nl"])
    for reply in smtpcodes.replies():
        assert reply.localized("nl").title == dutch[reply.title].string
