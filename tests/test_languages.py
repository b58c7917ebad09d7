"""A reader gets one language, chosen by the reader's wish alone."""

import asyncio
import os
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

import smtpcodes
from smtpcodes import lookup

DUTCH = [
    "nl",
    "NL",
    "nl_NL",
    "nl_BE",
    "nl-BE",
    "NL-be",
    "nl_NL.UTF-8",
    "nl_NL@euro",
    ["fr", "nl"],
    ("xx", "nl-BE", "en"),
]
DUTCH += ["nl-BE,nl;q=0.9,en;q=0.8", "fr;q=0.9, en;q=0.5, nl;q=0.8", "en;q=0,nl", ["fr,xx;q=0.5", "nl"]]
ENGLISH = [
    "en",
    "en-GB",
    ["en", "nl"],
    "xx",
    "",
    None,
    [],
    "en-US,en;q=0.9,nl;q=0.8",
    "*",
    "nl;q=0",
    ";;;,,,",
    "x" * 5000,
]


@pytest.mark.parametrize("wish", DUTCH, ids=str)
def test_dutch_reader_gets_dutch(wish):
    assert lookup(550).localized(wish).language == "nl"


@pytest.mark.parametrize("wish", ENGLISH, ids=lambda wish: str(wish)[:30])
def test_other_reader_gets_english(wish):
    assert lookup(550).localized(wish).language == "en"
    assert lookup(550).localized("nl").localized(wish) == lookup(550)


@pytest.mark.parametrize("name", ["LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES"])
def test_environment_changes_nothing(name):
    program = "import smtpcodes; print(smtpcodes.lookup(550).title, smtpcodes.lookup(550).localized('xx').language)"
    plain = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    environment = {**os.environ, name: "nl_NL.UTF-8"}
    dutch = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment)
    assert plain.stdout == dutch.stdout == "Mailbox unavailable: permanently rejected en\n"


def test_localized_changes_nothing_else():
    before = lookup(550)
    dutch = before.localized("nl")
    assert lookup(550) is before
    assert before.language == "en"
    assert dutch.title != before.title
    assert dutch.localized("en") is before


def test_a_record_is_in_one_language_throughout():
    english = lookup(250)
    dutch = english.localized("nl")
    assert dutch.senses
    for there, here in zip(dutch.senses, english.senses, strict=True):
        assert there.meaning != here.meaning
    for there, here in zip(dutch.notes, english.notes, strict=True):
        assert there.text != here.text
        assert there.language == "nl"
        assert there.source == here.source
    assert dutch.wording == english.wording
    assert dutch.dialogue == english.dialogue


def test_concurrent_readers_each_get_their_own_language():
    wishes = [("nl", "nl"), ("en", "en"), ("nl-BE", "nl"), ("xx", "en")] * 50
    codes = [reply.code for reply in smtpcodes.replies()]
    expected = {(code, language): lookup(code).localized(language).title for code in codes for language in ("en", "nl")}

    def answer(item):
        wish, language = item
        return all(lookup(code).localized(wish).title == expected[code, language] for code in codes)

    async def task(item):
        result = []
        for code in codes:
            record = lookup(code).localized(item[0])
            await asyncio.sleep(0)
            result.append(record.title == expected[code, item[1]] and record.language == item[1])
        return all(result)

    async def tasks():
        return await asyncio.gather(*(task(item) for item in wishes))

    with ThreadPoolExecutor(max_workers=32) as pool:
        assert all(pool.map(answer, wishes))
    assert len(wishes) == 200
    assert all(asyncio.run(tasks()))


def test_localized_record_survives_pickling():
    dutch = pickle.loads(pickle.dumps(lookup("5.1.1").localized("nl")))
    assert dutch == lookup("5.1.1").localized("nl")
    assert dutch.localized("en") == lookup("5.1.1")


def test_english_and_dutch_are_complete():
    assert smtpcodes.languages() == {"en": 1.0, "nl": 1.0}


def test_an_app_can_translate_with_its_own_gettext():
    import gettext

    catalogue = gettext.translation(smtpcodes.DOMAIN, smtpcodes.LOCALES_DIR, ["nl"])
    assert catalogue.gettext(lookup(550).title) == lookup(550).localized("nl").title


def test_words_for_answers_are_in_the_language_of_the_record():
    record = lookup(450)
    assert record.label("severity") == "temporary"
    assert record.localized("nl").label("severity") == "tijdelijk"
    assert record.localized("nl").label("bounce") == "soft bounce"
    with pytest.raises(KeyError):
        record.label("colour")
