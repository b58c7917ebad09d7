# ruff: noqa: E501 - what servers and programs write is as long as it is
"""A reply is read exactly: its code, its enhanced code and its words, and no number that only looks like one."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import smtpcodes

WRAPPERS = (Path(__file__).parent / "data" / "wrappers.jsonl").read_text(encoding="utf-8").splitlines()


def codes(reply):
    found = smtpcodes.explain(reply)
    return found.code, found.status


@pytest.mark.parametrize("line", WRAPPERS, ids=range(1, len(WRAPPERS) + 1))
def test_reply_is_found_in_what_programs_make_of_it(line):
    wrapped = json.loads(line)
    assert codes(wrapped["text"]) == (wrapped["code"], wrapped["status"])


@pytest.mark.parametrize(
    ("reply", "code", "status"),
    [
        ("550 5.1.1 <anna@example.com>: no mailbox", 550, "5.1.1"),
        ("550-5.7.26 The message was not\r\n550-5.7.26 authenticated, see\r\n550 5.7.26 our help page", 550, "5.7.26"),
        ("550-5.7.26 The message was not 550-5.7.26 authenticated, see 550 5.7.26 our help page", 550, "5.7.26"),
        ("smtp; 550 5.1.1 no mailbox", 550, "5.1.1"),
        (
            "postfix/smtp[592]: 4JfcC6: status=bounced (host mx.example.com[192.0.2.1] said: 551 5.1.6 moved)",
            551,
            "5.1.6",
        ),
        ("anna@example.com, 554 delivery error: no mailbox", 554, None),
        ("退信原因：550 no mailbox", 550, None),
        ("smtp;550 5.1.1 no mailbox", 550, "5.1.1"),
        ("SMTP; 552-5.2.3 too large", 552, "5.2.3"),
        ("x-unix; 550 no mailbox", 550, None),
        ("550 #5.1.0 Address rejected.", 550, "5.1.0"),
        ("553 sorry, that domain is not on my list (#5.7.1)", 553, "5.7.1"),
        ("host mx.example.com[192.0.2.1] said: 550 5.1.1 no mailbox (in reply to RCPT TO command)", 550, "5.1.1"),
        ("<anna@example.com>: host mx.example.com[192.0.2.1] said: 452 full (in reply to RCPT TO command)", 452, None),
        ("host mx.example.com[192.0.2.1] refused to talk to me: 421 4.7.0 later", 421, "4.7.0"),
        (
            "SMTP error from remote mail server after RCPT TO:<anna@example.com>: host mx.example.com [192.0.2.1]: 550 no",
            550,
            None,
        ),
        ("LMTP error after RCPT TO:<anna@example.com>: 452 4.2.2 full", 452, "4.2.2"),
        ("Remote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found'", 550, "5.1.10"),
        ("#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##", 550, "5.1.1"),
        ("192.0.2.1 does not like recipient.\nRemote host said: 550 5.1.1 No\nGiving up on 192.0.2.1.", 550, "5.1.1"),
        ("Sorry, I could not find any host named mail.example. (#5.1.2)", None, "5.1.2"),
        ("5.1.0 - Unknown address error ('550', ['5.7.1 not you'])", 550, "5.7.1"),
        ("550 4.4.7 QUEUE.Expired; message expired", 550, "4.4.7"),
        ("4.7.32 rate limited", None, "4.7.32"),
        ("450 cuda_nsu 4.7.1 <anna@example.com>: no", 450, "4.7.1"),
        ("550 5.7.999 odd", 550, "5.7.999"),
        ((550, b"5.1.1 no mailbox\n5.1.1 really"), 550, "5.1.1"),
        ((535, "#5.7.8 wrong"), 535, "5.7.8"),
        (b"550 5.1.1 \xff\xfe", 550, "5.1.1"),
        ("错误550用户不存在", 550, None),
        ("250 2.1.5 Ok", 250, "2.1.5"),
        ("250-234 Text beginning with numbers", 250, None),
        ("550", 550, None),
        ("host mx.example.com[192.0.2.1] refused to talk to me: 554-mx.example.com ESMTP 554 not you", 554, None),
        ("to=<anna@example.com>, relay=127.0.0.1, delay=6m41s, stat=451 Temporary failure", 451, None),
        ("23 Nov 2026 18:55:01 550 No mailbox", 550, None),
        ("the server answered **550** no mailbox", 550, None),
        ("Could not send the message - 450 not now", 450, None),
        (">>> RCPT TO:<anna@example.com> <<< 550 no mailbox", 550, None),
        ("refused, quota used: 487 SMTP code: 552", 552, None),
        ("ERROR_CODE :550, ERROR_CODE :5.1.1 no mailbox", 550, "5.1.1"),
        ("5.6.7(no SMTPUTF8 on the other side)", None, "5.6.7"),
        ("host mx.example.com[192.0.2.1] refused to talk to me: 521-192.0.2.7 blocked 521 not you", 521, None),
        ("relay=mx.example.com[2001:db8:550::22]:25, status=bounced (host said: 554 5.7.1 not you)", 554, "5.7.1"),
        ("> host mx.example.com\n>    [192.0.2.1] said: 550 No\n>    mailbox", 550, None),
        ("454 Temporary failure (#5.7.1)", 454, "5.7.1"),
        ("the log says `501 no such address`", 501, None),
        ("“550 5.1.1 no mailbox”", 550, "5.1.1"),
        ("host mx.example.com [192.0.2.1]: 597 not you", 597, None),
        ('Expected response code "250/251" but got code "550", with message "550 5.1.1 no"', 550, "5.1.1"),
        ('Expected response code "354" but got code "250", with message "250 2.1.5 Ok"', 250, "2.1.5"),
        ('Expected response code "250" but got code "", with message ""', None, None),
        ("mx.example.com: 550 no mailbox", 550, None),
        ("could not close the connection, 553 No mailbox", 553, None),
        ("anna@example.com: 550 no mailbox", 550, None),
        ("192.0.2.1: 550 no mailbox", 550, None),
        ('550 5.1.1 no mailbox "@example.com"', 550, "5.1.1"),
        ('550 5.1.1 no mailbox"@example.com', 550, "5.1.1"),
        ("550 ...@example.com: no mailbox", 550, None),
        ("sorry, 550 No mailbox", 550, None),
        ("550 No mailbox\n(450 Mailbox busy was the reply before)", 550, None),
        ("552 Mailbox full\nHelpdesk\n(512) 474-1234", 552, None),
        ("anna@example.com : MAIL FROM command failed,550,,no mailbox", 550, None),
        (
            "Status: 5.0.0\nDiagnostic-Code: smtp; 5.3.0 - Other mail system problem 550-'no mailbox'",
            550,
            "5.3.0",
        ),
        ("the recipient is inactive (code 406)", None, None),
        ('error="400 ERR.PARAM"', 400, None),
        # what the log says apart from the reply
        ("dsn=4.0.0, status=deferred (host mx.example.com[192.0.2.1] said: 554 not now)", 554, "4.0.0"),
        ("Status: 4.4.7\nDiagnostic-Code: smtp; 550 expired", 550, "4.4.7"),
    ],
)
def test_reply_is_read_exactly(reply, code, status):
    assert codes(reply) == (code, status)


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "connect to 10.0.4.550[192.0.2.1]:25: Connection refused",
        "connect to mx550.example.com[192.0.2.50]:550: Connection refused",
        "see https://example.com/550/5.1.1 for help",
        "<550@example.com> and anna.421@example.com",
        "host mail-550.example.com is slow",
        "queued as 550-ABCDEF at 18:59:46",
        "message of 500 KB, at most 450 bytes",
        "the mailbox holds 500 messages",
        "wait 300 seconds",
        "on 2023/11/23 18:55:01, port 587",
        "Exim 4.94.2 could not deliver",
        "Postfix 2.5.1 is old",
        "the policy 3.2.1.1 says no",
        "2001:db8:550::421",
        "client 213-0-113-9.example.com is on a dynamic line",
        "2001:db8::5.1.1",
        'Command died with status 255: "/usr/bin/fax"',
        'Command died with status 254: "/usr/bin/fax"',
        "Example Corp, 512 Main Street, Springfield",
        "Acme Inc (Support) 550 Madison Avenue",
        "Tried ports 25, 465 SSL and 587",
        "mx.example.com: 443 connection timed out",
        "mx.example.com: 450 messages queued",
        "2026-11-26 10:11:12: 512 messages in queue",
        "Nov 26 10:11:12: 512 rows imported",
        "relay=mx.example.com[2001:db8:550:2d:70::22]:25, delay=0.95",
        "between 1.5.2023 and 4.5.2023",
        "  277   == anna@example.com R=dnslookup defer (-1)",
    ],
)
def test_no_code_out_of_an_address_host_url_queue_id_size_time_or_version(reply):
    assert codes(reply) == (None, None)


@given(
    st.lists(st.sampled_from(('"@a.b', "...", "a@b.c:", "192.0.2.1:", *'@.: <">\n()/é（', "550", "5.1.1")), max_size=14)
)
def test_place_of_every_letter_stays_while_addresses_are_blotted_out(pieces):
    found = smtpcodes.explain("550 " + "".join(pieces) + " xyzzy")
    assert found.code == 550
    assert found.text.endswith("xyzzy")


def test_lines_of_a_reply_in_a_list_are_read_together():
    found = smtpcodes.explain(["550-5.1.1 That mailbox does not exist.", "550 5.1.1 gsmtp"])
    assert (found.code, found.status, found.reason) == (550, "5.1.1", "user_unknown")
    assert "does not exist" in found.text


@pytest.mark.parametrize("kind", ["smtp; ", "X-Postfix; ", "unknown;"])
def test_kind_of_a_diagnostic_is_none_of_its_words(kind):
    assert smtpcodes.explain(f"{kind}no mailbox here").text == "no mailbox here"
    assert smtpcodes.explain(f"{kind}550 no mailbox here").text == "no mailbox here"
    found = smtpcodes.explain(f"{kind}5.1.1 no mailbox here")
    assert (found.status, found.text) == ("5.1.1", "no mailbox here")
    assert smtpcodes.explain((550, f"{kind}no mailbox here")).text == f"{kind}no mailbox here"


def test_reply_that_quotes_another_decides_itself():
    outer = "554 5.1.1 <anna@example.com>: undeliverable address: host mx.example.com[192.0.2.1] said: 550 not here (in reply to RCPT TO command)"
    assert codes(outer) == (554, "5.1.1")
    assert codes('451 4.4.0 The other server answered: "421 4.4.1 Connection timed out."') == (451, "4.4.0")


def test_greeting_on_the_first_line_hides_no_enhanced_code_on_the_next():
    assert codes((521, b"mx.example.com ESMTP Postfix\n5.5.1 Protocol error")) == (521, "5.5.1")
    assert codes((554, b"mx.example.com ESMTP Exim 4.96\r\n5.7.1 not you")) == (554, "5.7.1")
    assert codes((554, b"mx.example.com ESMTP Exim 5.2.1\nnot you")) == (554, None)


def test_later_reply_decides_a_transcript():
    assert codes("220 mx ESMTP\n250 Hello\n250 Ok\n354 Go\n554 5.7.1 Refused\n221 Bye") == (554, "5.7.1")
    assert codes("421 4.4.5 busy\n250 Ok\n550 5.1.1 no") == (550, "5.1.1")
    sendmail = "... while talking to mx.example.com.:\n>>> RCPT To:<a@example.com>\n<<< 550 5.1.1 no mailbox\n550 5.1.1 <a@example.com>... User unknown\n<<< 503 5.0.0 Need RCPT (recipient)"
    assert codes(sendmail) == (550, "5.1.1")


def test_sendmails_own_summary_does_not_decide_what_the_other_server_said():
    sendmail = ">>> DATA\n<<< 500 5.0.0 Line too long\n554 5.5.0 Remote protocol error"
    assert codes(sendmail) == (500, "5.0.0")


def test_underscores_of_an_address_stay_in_its_words():
    assert smtpcodes.explain("550 5.1.1 <anna_maria_van_dam@example.com>").text == "<anna_maria_van_dam@example.com>"


def test_address_ends_where_sendmail_begins_its_words():
    assert smtpcodes.explain("550 anna@example.com...User unknown").reason == "user_unknown"


@pytest.mark.parametrize(
    ("words", "encoding", "reason"),
    [
        ("邮箱已满", "gbk", "mailbox_full"),
        ("пользователь не найден", "koi8-r", "user_unknown"),
        ("пользователь не найден", "cp1251", "user_unknown"),
        ("ユーザーが存在しません", "iso2022_jp", "user_unknown"),
        ("boîte aux lettres pleine", "latin-1", "mailbox_full"),
        ("Empfänger unbekannt", "utf-8", "user_unknown"),
    ],
)
def test_bytes_in_any_encoding_are_words(words, encoding, reason):
    raw = b"550 " + words.encode(encoding)
    assert smtpcodes.explain(raw).reason == reason
    if encoding != "iso2022_jp":  # all of it is ASCII, so nothing would be written as \\x
        assert smtpcodes.explain(f"SMTPResponseException: (550, {raw!r})").reason == reason


def test_words_are_on_one_line_without_codes_and_wrapper():
    found = smtpcodes.explain(
        "host mx.example.com[192.0.2.1] said: 550-5.7.1 Not\n550 5.7.1 you (in reply to end of DATA command)"
    )
    assert found.text == "Not you"


def test_what_is_only_said_because_of_an_earlier_refusal_decides_nothing():
    assert codes("452 4.2.2 Over quota\n503 5.5.1 No recipients") == (452, "4.2.2")
    assert codes("553 <anna@example.com>... No relay\n554 <anna@example.com>... Service unavailable") == (553, None)


def test_anything_else_than_text_is_read_as_well():
    for reply in (
        None,
        0,
        550,
        object(),
        [],
        (1, 2, 3),
        (None, None),
        ("a", "b"),
        (550, None),
        (10**30, "x"),
        float("nan"),
    ):
        assert smtpcodes.explain(reply).language == "en"


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "1.",
        "550 ",
        "@",
        "a@",
        ":",
        "5.1.1 ",
        "<a@b>",
        "550-",
        "\n550 ",
        "a-a.",
        "((",
        "é",
        "用",
        "user unknown ",
        "invalid ",
    ],
)
def test_time_grows_with_length_and_no_faster(piece):
    def best(reply):
        times = []
        for _ in range(3):
            start = time.perf_counter()
            smtpcodes.explain(reply)
            times.append(time.perf_counter() - start)
        return min(times)

    smtpcodes.explain("550")
    short, long = best(piece * (2_000 // len(piece))), best(piece * (200_000 // len(piece)))
    assert long < max(short * 300, 0.1)
    assert best(piece * (5_000_000 // len(piece))) < 1
