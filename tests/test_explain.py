# ruff: noqa: E501 - what servers and programs write is as long as it is
"""What a real server said is explained: the right reason, from the right evidence, in the reader's language."""

import json
import pickle
from itertools import product

import pytest
import yaml

import smtpcodes
from smtpcodes._matching import fold
from smtpcodes._records import load
from tests.conftest import LANGUAGES, ROOT

DATA = load("explain")
TEXTS = ("title", "short", "meaning", "outcome", "for_sender", "for_sender_admin")


def test_every_row_is_proved_by_its_own_sample():
    wrong = []
    for row in DATA["diagnostics"]:
        found = smtpcodes.explain(row["sample"])
        if found.evidence != f"diagnostic {row['id']}" and found.reason != row["reason"]:
            wrong.append(f"{row['id']}: {row['sample']!r} gives {found.evidence} ({found.reason}), not {row['reason']}")
    assert not wrong, "\n".join(wrong)


def test_every_phrase_is_proved_by_its_own_sample():
    wrong = []
    for phrase in DATA["phrases"]:
        found = smtpcodes.explain(phrase["sample"])
        if found.reason != phrase["reason"]:
            wrong.append(f"{phrase['sample']!r} gives {found.evidence} ({found.reason}), not {phrase['reason']}")
    assert not wrong, "\n".join(wrong)


def spoken(phrase):
    """Yield what a phrase stands for: its fragments, each behind the words that it needs."""
    space = "" if phrase["language"] in ("zh", "ja") else " "
    for words in product(*phrase.get("after", ()), phrase["match"]):
        yield space.join(filter(None, words))


def test_every_fragment_of_a_phrase_names_its_reason():
    wrong = []
    for phrase in DATA["phrases"]:
        for fragment in spoken(phrase):
            found = smtpcodes.explain(f"550 {fragment}")
            if found.reason != phrase["reason"] and not found.evidence.startswith("diagnostic"):
                wrong.append(f"{fragment!r} gives {found.evidence} ({found.reason}), not {phrase['reason']}")
    assert not wrong, "\n".join(wrong)


def test_no_fragment_stands_for_two_reasons():
    seen = {}
    for phrase in DATA["phrases"]:
        for fragment in spoken(phrase):
            assert seen.setdefault(fold(fragment), phrase["reason"]) == phrase["reason"], fragment


def test_fragment_that_needs_words_before_it_counts_only_right_behind_them():
    assert (
        smtpcodes.explain("550 The mailbox (anna@example.com) was archived").evidence == "phrase mailbox was archived"
    )
    assert smtpcodes.explain("550 xyzzy was archived").reason is None
    assert smtpcodes.explain("550 xyzzymailbox was archived").reason is None
    assert smtpcodes.explain("550 The mailbox holds what was archived").reason is None


def test_name_between_words_that_belong_together_is_a_weak_sign():
    assert smtpcodes.explain("550 User anna unknown").evidence == "phrase user unknown"
    assert smtpcodes.explain("550 User 'bob' unknown").evidence == "phrase user unknown"
    assert smtpcodes.explain("552 5.2.2 User anna unknown").reason == "mailbox_full"
    assert smtpcodes.explain("550 unknown sending mailbox").suppress is not True


@pytest.mark.parametrize(
    "reply",
    [
        "550 5.7.1 IP address not found in reverse DNS",
        "550 Reply-To address is invalid",
        "550 The user account you are sending from has been disabled",
        "554 Your email address is invalid",
        "550 Callout verification failed: sender mailbox unknown",
        "550 Sender is not a valid user",
    ],
)
def test_what_is_wrong_on_the_sending_side_never_blames_the_recipient(reply):
    assert smtpcodes.explain(reply).suppress is not True


def test_who_cannot_sign_in_is_not_the_recipient():
    for reply in ("535 User unknown", "535 5.7.8 Account is disabled", "534 5.7.9 mailbox has been closed"):
        assert smtpcodes.explain(reply).suppress is False, reply


def test_cause_behind_an_undeliverable_address_decides():
    reply = "550 5.1.1 <anna@example.com>: Recipient address rejected: undeliverable address: "
    assert smtpcodes.explain(reply + "xyzzy").suppress is True
    assert smtpcodes.explain(reply + "mail for example.com loops back to myself").suppress is False


@pytest.mark.parametrize(
    ("reply", "evidence", "reason"),
    [
        ("421 4.7.28 Gmail has detected an unusual rate of mail from you - gsmtp", "diagnostic", "rate_limited"),
        ("550 De mailbox is vol", "phrase", "mailbox_full"),
        ("550 邮箱已满", "phrase", "mailbox_full"),
        ("550 用户（anna@example.com）不存在", "phrase", "user_unknown"),
        ("550 Benutzer unbekannt", "phrase", "user_unknown"),
        ("550 5.7.1 Diese Adresse existiert hier gerade so", "status", None),
        ("550 5.1.1 xyzzy", "status", "user_unknown"),
        ("550 5.7.999 xyzzy", "subject", None),
        ("550 xyzzy", "reply", None),
        ("535 xyzzy", "reply", None),
        ("599 xyzzy", "class", None),
        ("xyzzy", "nothing", None),
    ],
)
def test_order_of_evidence(reply, evidence, reason):
    found = smtpcodes.explain(reply)
    assert found.evidence.split()[0] == evidence
    assert found.reason == reason


@pytest.mark.parametrize(
    "codes", ["550 5.7.1", "550 5.2.1", "550 5.1.0", "550 5.3.0", "550 5.5.0", "550 5.4.1", "550", "554"]
)
def test_codes_that_mean_nothing_do_not_beat_words(codes):
    assert smtpcodes.explain(f"{codes} The mailbox is full").reason == "mailbox_full"


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        # Who is meant: the sender, or the server that sends.
        (
            "550 5.1.0 <anna@example.com>: Sender address rejected: User unknown in virtual mailbox table",
            "sender_rejected",
        ),
        ("550 <anna@example.com>: Sender address rejected: xyzzy", "sender_rejected"),
        ("550 Invalid HELO: domain does not exist", "protocol_error"),
        ("550 Recipient address rejected: blocked by policy", "policy"),
        ("550 Message sending for this account is disabled", "sender_account_blocked"),
        # The second line of a reply says why.
        (
            "550-Requested action not taken: mailbox unavailable 550 Your sending limit is reached",
            "sending_quota_exceeded",
        ),
        (
            "550-Requested action not taken: mailbox unavailable\r\n550 invalid DNS MX or A/AAAA resource record",
            "sender_rejected",
        ),
        # Exim tells what went wrong before it says that it gave up.
        ("mailbox is full: retry timeout exceeded", "mailbox_full"),
        ("retry timeout exceeded", "delivery_expired"),
        ("552 Skrzynka odbiorcy jest przepełniona", "mailbox_full"),
    ],
)
def test_what_is_meant_is_found_where_words_mislead(reply, reason):
    assert smtpcodes.explain(reply).reason == reason


def test_text_of_the_standard_shows_no_server():
    assert smtpcodes.explain("550 Requested action not taken: mailbox unavailable").server is None


def test_vague_words_lose_to_a_code_that_says_more():
    assert smtpcodes.explain("552 5.2.2 mailbox unavailable").reason == "mailbox_full"
    assert smtpcodes.explain("550 mailbox unavailable").reason == "user_unknown"


@pytest.mark.parametrize(
    "reply",
    [
        "550 5.1.1 <alice@unblocked.dev>: blank",
        "550 5.1.1 <spam@blocked-using.example>: blank",
        "550 5.1.1 see https://example.com/blocked-using/mailbox-full",
        "550 5.1.1 host greylisted.example.com: blank",
    ],
)
def test_words_in_addresses_and_urls_are_no_evidence(reply):
    assert smtpcodes.explain(reply).evidence == "status 5.1.1"


def test_words_round_an_address_are_one_phrase():
    for reply in (
        "550 user anna@example.com does not exist",
        "550 User <anna@example.com> unknown",
        "550 No such user: anna@example.com",
        "550 User <anna> unknown",
        "Permanent failure: 550_user_unknown",
    ):
        assert smtpcodes.explain(reply).reason == "user_unknown", reply


def test_severity_follows_the_reply_and_the_reason_the_status():
    found = smtpcodes.explain("550 4.4.7 xyzzy")
    assert (found.code, found.status, found.severity, found.bounce) == (550, "4.4.7", "permanent", "hard")
    assert found.reason == "delivery_expired"
    assert found.retry != "automatic"
    assert found.notes[0].source == "RFC 2034 §4"


def test_unknown_status_falls_back_to_subject_and_class():
    found = smtpcodes.explain("550 5.7.999 xyzzy")
    assert found.title == next(one.title for one in smtpcodes.subjects() if one.code == "X.7")
    assert found.severity == "permanent"
    found = smtpcodes.explain("550 5.99.1 xyzzy")
    assert found.evidence == "reply 550"


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (
            "host mx.example.com[192.0.2.1] said: 550 5.1.1 User unknown (in reply to MAIL FROM command)",
            "sender_rejected",
        ),
        ("553-5.1.2 The sender address <anna@example> is not a valid RFC 5321 address", "sender_rejected"),
        ("501 5.1.7 8-bit character in mailbox address", "sender_rejected"),
        (
            "550-Verification failed for <anna@example.com>\n550-Response: 550 5.1.1 User unknown\n550 No",
            "sender_rejected",
        ),
        ("host mx.example.com[192.0.2.1] refused to talk to me: 554 mx.example.com not accepting messages", "policy"),
        ("host mx.example.com[192.0.2.1] said: 550 Host unknown (in reply to EHLO command)", "policy"),
        ("SMTP error from remote mail server after MAIL FROM:<anna@example.com>: 550 User unknown", "sender_rejected"),
        (
            "SMTP error from remote mail server after pipelined MAIL FROM:<anna@example.com>: 550 User unknown",
            "sender_rejected",
        ),
        ("SMTP error from remote mail server after EHLO mx.example.org: 550 Host unknown", "policy"),
        ("SMTP error from remote mail server after HELO mx.example.org: 550 Host unknown", "policy"),
        ("SMTP error from remote mail server after initial connection: 550 Host unknown", "policy"),
    ],
)
def test_what_is_not_said_of_the_recipient_never_blames_the_recipient(reply, reason):
    found = smtpcodes.explain(reply)
    assert (found.suppress, found.reason) == (False, reason)


@pytest.mark.parametrize(
    ("recipient", "sender"),
    [
        ("553 mail domain not found", "553 mail domain not found for sender"),
        ("553 mail domain not found", "553 mail domain not found in message-id"),
        ("550 invalid recipient", "550 invalid recipient header"),
        ("550 a mailbox does not exist", "550 the return path says that a mailbox does not exist"),
        ("550 host not found", "550 no PTR, host not found"),
        ("550 host not found", "550 rDNS/PTR: host not found"),
        ("550 host not found", "550 (HELO) host not found"),
        ("550 mailbox does not exist", "550 'ehlo' mailbox does not exist"),
        ("550 domain not found", "550 Mail From domain not found"),
        ("550 no such user here", "550 your domain: no such user here"),
        ("550 domain not found", "550 domain not found (sender)"),
        ("550 domain does not exist", "550 domain does not exist (sender domain)"),
        ("550 no such domain", "550 no such domain in your from header"),
        ("550 user account disabled", "550 user account disabled for outgoing mail"),
        ("550 5.1.2 domain not found", "550 5.1.8 domain not found"),
        ("550 5.1.1 user unknown", "550 5.1.7 user unknown"),
    ],
)
def test_same_words_about_the_sending_side_suppress_no_recipient(recipient, sender):
    assert smtpcodes.explain(recipient).suppress is True
    assert smtpcodes.explain(sender).suppress is not True


@pytest.mark.parametrize(
    "reply",
    [
        "550 Callout verification failed: 550 No such user here",
        "550 No such user in your domain",
        "550 User unknown (sender notified)",
        "550 user unknown - rejected after mail from a stranger",
        "550 bachelor: no such user",
    ],
)
def test_refused_recipient_stays_one_though_the_sending_side_is_named_too(reply):
    assert smtpcodes.explain(reply).suppress is True


@pytest.mark.parametrize("reply", ["550 <anna@example.com>: not found", "550 5.1.0 anna@example.com is unknown"])
def test_address_at_the_beginning_is_what_the_words_speak_of(reply):
    found = smtpcodes.explain(reply)
    assert (found.suppress, found.reason) == (True, "user_unknown")
    assert smtpcodes.explain(reply.replace("anna@", "mx.")).suppress is not True
    assert smtpcodes.explain(f"{reply} mailer error 67").suppress is not True


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("550 5.1.1 User unknown, please try again in a few minutes", "user_unknown"),
        ("452 4.2.2 Mailbox full, please try again in a few minutes", "mailbox_full"),
        ("452 Mailbox vol, probeer het later opnieuw", "mailbox_full"),
        ("452 Postfach voll, bitte versuchen Sie es später erneut", "mailbox_full"),
        ("452 Boîte pleine, réessayez plus tard", "mailbox_full"),
        ("452 邮箱已满，请稍后重试", "mailbox_full"),
        ("450 too many connections, try again in a few minutes", "too_many_connections"),
    ],
)
def test_what_is_wrong_says_more_than_a_request_to_try_again(reply, reason):
    assert smtpcodes.explain(reply).reason == reason


def test_reply_to_a_trial_of_the_address_decides():
    tried = (
        "550 5.1.1 <anna@example.com>: Recipient address rejected: undeliverable address: "
        "host mx.example.com[192.0.2.1] said: 550 {} (in reply to RCPT TO command)"
    )
    blocked = smtpcodes.explain(tried.format("5.7.1 Client host blocked using zen.spamhaus.org"))
    assert (blocked.reason, blocked.suppress) == ("blocklisted", False)
    assert smtpcodes.explain(tried.format("5.1.1 User unknown")).suppress is True
    assert smtpcodes.explain(tried.format("xyzzy")).suppress is True


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("535 5.7.8 user unknown", "authentication_failed"),
        ("530 5.7.0 user unknown", "authentication_required"),
        ("535 user unknown", None),
    ],
)
def test_answer_to_who_signs_in_is_about_no_recipient(reply, reason):
    found = smtpcodes.explain(reply)
    assert (found.suppress, found.reason) == (False, reason)


@pytest.mark.parametrize("reply", ["550 5.2.1", "550 5.7.1 xyzzy", "550 5.1.0", "550 5.4.1 xyzzy", "550", "554 xyzzy"])
def test_code_with_several_meanings_condemns_no_address(reply):
    assert smtpcodes.explain(reply).suppress is not True


def test_queue_tries_again_whatever_the_reason_is():
    assert smtpcodes.explain("421 4.7.0 xyzzy").retry == "automatic"
    assert smtpcodes.explain("550 5.7.0 xyzzy").retry is None


def test_rule_may_leave_the_retry_open():
    rule = {"id": "a", "match": ["xyzzy"], "reason": "policy", "retry": "unknown"}
    assert smtpcodes.Explainer(rules=[rule]).explain("450 xyzzy").retry is None


def test_words_in_a_quoted_local_part_do_not_count():
    assert smtpcodes.explain('550 <"user unknown"@example.com> xyzzy').reason is None


def test_pair_of_texts_is_a_pair_of_code_and_text():
    for pair in (("550", "5.1.1 xyzzy"), (b"550", b"5.1.1 xyzzy"), (550, "5.1.1 xyzzy")):
        found = smtpcodes.explain(pair)
        assert (found.code, found.status, found.text) == (550, "5.1.1", "xyzzy")


def test_full_mailbox_is_never_a_bad_address():
    assert smtpcodes.explain("552 5.2.2 The mailbox is full").suppress is False
    assert smtpcodes.explain("450 4.1.1 xyzzy").suppress is False
    assert smtpcodes.explain("550 5.1.1 xyzzy").suppress is True


@pytest.mark.parametrize(
    ("reply", "seconds"),
    [
        ("451 4.7.1 Greylisted, try again in 300 seconds", 300),
        ("450 4.7.1 Greylisted for 5 minutes", 300),
        ("421 Try again after 1 hour", 3600),
        ("450 retry after 120", 120),
        ("450 Bitte versuchen Sie es in 10 Minuten erneut", 600),
        ("450 Greylisting in effect, please come back in 00:04:30", 270),
        ("450 try again later", None),
        ("450 message of 500 seconds is too long", None),
        ("550 5.1.1 try again in 5 minutes", None),
        ("450 try again in 5 minutes and 30 seconds", 330),
        ("450 retry in 2h30m", 9000),
        ("450 try again in 1d 12h", 129_600),
        ("450 try again in 5 minutes, 300 seconds", 300),
        ("450 delayed 2 hours 30 minutes; will retry", None),
        ("450 Повторите через 1 минуту", 60),
        ("451 deferred, lifetime 30 days; try again in 5 minutes", 300),
        ("450 try again later, 5 messages wait 9 minutes", 540),
        ("451 try again later (7d123456-aaaa)", None),
        ("421 try again later, 6d-20020a17090a", None),
        ("450 wait 4 hours, 23 minutes", 15780),
        ("450 Vuelva a intentarlo en 5 minutos", 300),
        ("450 Повторите попытку через 5 минут", 300),
        ("450 请在5分钟后重试", 300),
        ("450 5分後に再送してください", 300),
        ("451 retry timeout exceeded after 5 minutes", None),
        ("450 delayed 2 hours; will retry for 4 days", None),
    ],
)
def test_delay_that_the_server_asks_for_is_given_back(reply, seconds):
    assert smtpcodes.explain(reply).retry_after == seconds


@pytest.mark.parametrize(
    ("reply", "name"),
    [
        ("554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org", "zen.spamhaus.org"),
        ("550 5.7.1 rejected because 192.0.2.1 is in a black list at bl.spamcop.net", "bl.spamcop.net"),
        ("550 5.7.1 The IP address is listed by Spamhaus", "Spamhaus"),
        ("550 5.1.1 The user is not listed here", None),
        ("554 blocked using abcdefghijklmnopqrstuvwx.combined.mail.abusix.zone", "combined.mail.abusix.zone"),
        ("554 blocked using abcdefghijklmnopqrstuvwxyz.zen.dq.spamhaus.net", "zen.dq.spamhaus.net"),
    ],
)
def test_blocklist_is_named(reply, name):
    assert smtpcodes.explain(reply).blocklist == name


REPLIES = (
    "550 5.1.1 xyzzy",
    "450 4.2.2 xyzzy",
    "550 xyzzy",
    "421 xyzzy",
    "550 5.7.999 xyzzy",
    "599 xyzzy",
    "499 xyzzy",
    "550 4.4.7 xyzzy",
    "250 2.1.5 Ok",
    "354 Go",
    "xyzzy",
    "connect to mx.example.com[192.0.2.1]:25: Connection refused",
    *(row["sample"] for row in DATA["diagnostics"]),
    *(phrase["sample"] for phrase in DATA["phrases"]),
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_explanation_is_complete_in_every_language(language):
    for reply in REPLIES:
        found = smtpcodes.explain(reply, language)
        english = smtpcodes.explain(reply)
        assert found.language == language
        for name in TEXTS:
            if name.startswith("for_") and found.code and found.code < 400:
                continue
            assert getattr(found, name), (reply, name)
        if language != "en":
            assert found.meaning != english.meaning, reply
            assert found.outcome != english.outcome, reply
        assert found == english.localized(language)
        assert found.localized("en") == english


def test_explanation_is_a_value():
    found = smtpcodes.explain("550 5.1.1 xyzzy", "nl")
    assert pickle.loads(pickle.dumps(found)) == found
    assert hash(found) == hash(smtpcodes.explain("550 5.1.1 xyzzy", "nl"))
    assert json.loads(json.dumps(found.to_dict()))["reason"] == "user_unknown"
    assert found.url.endswith("/nl/codes/5.1.1/")
    assert smtpcodes.explain("xyzzy").url.endswith("/en/")
    for row in smtpcodes.diagnostics():
        found = smtpcodes.explain(row.sample)
        assert found.url == row.url or found.evidence != f"diagnostic {row.id}"
    assert found.label("retry")
    with pytest.raises(AttributeError):
        found.code = 1


def test_explain_pickles_so_that_it_can_run_elsewhere():
    assert pickle.loads(pickle.dumps(smtpcodes.explain))("550 5.1.1 x").code == 550
    own = pickle.loads(pickle.dumps(smtpcodes.Explainer([{"id": "acme/x", "match": ["xyzzy"], "reason": "policy"}])))
    assert own.explain("550 xyzzy").evidence == "rule acme/x"


def test_own_rules_win_and_bring_their_own_texts():
    rule = {
        "id": "acme/quarantine",
        "match": ["user unknown"],
        "reason": "policy",
        "suppress": False,
        "title": "Held by Acme",
        "for_sender": ["Call Acme."],
        "source": "https://acme.example/",
    }
    found = smtpcodes.Explainer(rules=[rule]).explain("550 5.1.1 User unknown", "nl")
    assert (found.evidence, found.reason, found.suppress) == ("rule acme/quarantine", "policy", False)
    assert (found.title, found.for_sender) == ("Held by Acme", ("Call Acme.",))
    assert found.meaning == smtpcodes.reason("policy").localized("nl").meaning
    assert smtpcodes.explain("550 5.1.1 User unknown").reason == "user_unknown"


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ({}, "rule 1: 'id' is missing"),
        ("x", "rule 1: expected a mapping"),
        ({"id": "a", "match": "x", "reason": "policy"}, "rule 1 (a): 'match': expected a list of texts, found 'x'"),
        ({"id": "a", "match": [], "reason": "policy"}, "'match': expected at least one fragment"),
        ({"id": "a", "match": ["--"], "reason": "policy"}, "fragments with a letter"),
        ({"id": "a", "match": ["5.1.1"], "reason": "policy"}, "fragments with a letter"),
        ({"id": "a", "match": ["anna@example.com"], "reason": "policy"}, "no mail address"),
        ({"id": "a", "match": ["x"], "reason": "policy", "title": " "}, "'title': expected a text, found ' '"),
        ({"id": "a", "match": ["x"], "reason": "policy", "unofficial": 1}, "'unofficial': expected true or false"),
        ({"id": "a", "match": ["x"], "reason": "nope"}, "'reason': expected the name of a reason"),
        (
            {"id": "a", "match": ["x"], "reason": "policy", "replies": ["550"]},
            "'replies': expected a list of reply codes",
        ),
        ({"id": "a", "match": ["x"], "reason": "policy", "retry": "soon"}, "'retry': expected one of automatic"),
        ({"id": "a", "match": ["x"], "reason": "policy", "titel": "x"}, "unknown field 'titel', did you mean 'title'?"),
    ],
)
def test_bad_rule_says_which_one_and_what_was_expected(rule, message):
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        smtpcodes.Explainer(rules=[rule])
    assert message in str(caught.value)


def test_every_row_of_the_source_can_be_a_rule():
    rows = yaml.load((ROOT / "codes/smtp.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)["diagnostics"]
    explainer = smtpcodes.Explainer(rules=rows)
    assert [row["id"] for row in rows if explainer.explain(row["sample"]).evidence[:5] != "rule "] == []


def test_nothing_loads_before_it_is_used():
    import subprocess
    import sys

    program = "import sys, smtpcodes; smtpcodes.lookup(550); print([name for name in sys.modules if 'explain' in name or name == 'smtplib'])"
    assert (
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip()
        == "[]"
    )


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("452 4.2.2 this mailbox is over quota", "mailbox_full"),
        ("452 4.2.2 xyzzy", "mailbox_full"),
        ("450 4.2.0 greylisted", "greylisted"),
        ("451 4.3.0 xyzzy", "delivery_expired"),
        ("xyzzy", "delivery_expired"),
        ("mx.example.com [192.0.2.1]: Connection refused", "delivery_expired"),
        ("mx.example.com [192.0.2.1]: Connection timed out", "delivery_expired"),
    ],
)
def test_what_stood_in_the_way_says_more_than_that_time_was_up(said, reason):
    assert smtpcodes.explain(f"{said}: retry timeout exceeded").reason == reason


def test_own_rule_about_giving_up_wins_over_what_stood_in_the_way():
    rule = {"id": "gave-up", "match": ["retry timeout exceeded"], "reason": "policy"}
    found = smtpcodes.Explainer([rule]).explain("452 4.2.2 over quota: retry timeout exceeded")
    assert found.reason == "policy"
