"""What is asked of delivery reports, with its case kept (RFC 3461)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import BadSyntax
from gateway.inbound.dsn import take_from_mail, take_from_rcpt, xtext

PHRAE = "saraban@phrae.example"
LETTER = b"From: a@dla.example\r\n\r\nx\r\n"


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ({}, {}),
        ({"RET": "hdrs"}, {"ret": "HDRS"}),
        ({"RET": "FULL", "ENVID": "QQ314159"}, {"ret": "FULL", "envid": "QQ314159"}),
        ({"ENVID": "a+2Bb+3Dc+20d"}, {"envid": "a+b=c d"}),
    ],
)
def test_ret_and_envid_are_taken_out_of_the_parameters(given, asked):
    given = given | {"SIZE": "1"}
    assert take_from_mail(given) == asked
    assert given == {"SIZE": "1"}


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ({"NOTIFY": "never"}, {"notify": ["NEVER"]}),
        ({"NOTIFY": "SUCCESS,delay,SUCCESS"}, {"notify": ["SUCCESS", "DELAY"]}),
        ({"ORCPT": "rfc822;Bob@Example.COM"}, {"orcpt": "rfc822;Bob@Example.COM"}),
        ({"ORCPT": "rfc822;Bob+2Btag@x.th"}, {"orcpt": "rfc822;Bob+tag@x.th"}),
        ({"ORCPT": "utf-8;+E0+B8+81@x.th"}, {"orcpt": "utf-8;ก@x.th"}),
    ],
)
def test_notify_and_orcpt_are_taken_out_of_the_parameters(given, asked):
    assert take_from_rcpt(given) == asked
    assert given == {}


@pytest.mark.parametrize(
    "given",
    [
        {"RET": None}, {"RET": "BODY"}, {"ENVID": None}, {"ENVID": "x" * 101}, {"ENVID": "a+2b"},
        {"ENVID": "a+0D+0Ab"}, {"ENVID": "+E0+B8+81"}, {"ENVID": "ก"}, {"ENVID": "a+"},
    ],
    ids=repr,
)  # fmt: skip
def test_bad_parameters_of_mail_are_refused(given):
    with pytest.raises(BadSyntax):
        take_from_mail(given)


@pytest.mark.parametrize(
    "given",
    [
        {"NOTIFY": None}, {"NOTIFY": "NEVER,SUCCESS"}, {"NOTIFY": "SUCCESS,"}, {"NOTIFY": "x"},
        {"ORCPT": None}, {"ORCPT": "rfc822"}, {"ORCPT": "rfc822;"}, {"ORCPT": ";a@b"},
        {"ORCPT": "rf c;a@b"}, {"ORCPT": "rfc822;a+00b@c"}, {"ORCPT": "rfc822;" + "x" * 501},
        {"ORCPT": "rfc822;a+FFb"}, {"ORCPT": "rfc822;+E2+80+AEb"},
    ],
    ids=repr,
)  # fmt: skip
def test_bad_parameters_of_rcpt_are_refused(given):
    with pytest.raises(BadSyntax):
        take_from_rcpt(given)


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=30))
def test_what_is_written_as_xtext_is_read_back(text):
    assert take_from_mail({"ENVID": xtext(text)}) == {"envid": text}


def test_what_was_asked_stands_in_the_envelope(door):
    with door.call() as client:
        client.say("MAIL FROM:<a@dla.example> RET=HDRS ENVID=QqQ+2B1")
        client.say(f"RCPT TO:<{PHRAE}> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;Saraban@Phrae.Example")
        client.say("RCPT TO:<saraban@town.example>")
        client.say("DATA")
        client.send(LETTER + b".\r\n")
        assert client.reply().startswith("250 ")
    assert door.only_letter().envelope.dsn == {
        "ret": "HDRS",
        "envid": "QqQ+1",
        "recipients": {
            PHRAE: {"notify": ["SUCCESS", "DELAY"], "orcpt": "rfc822;Saraban@Phrae.Example"}
        },
    }


def test_a_letter_that_asks_for_nothing_has_none(door):
    with door.call() as client:
        client.mail(LETTER)
    assert door.only_letter().envelope.dsn is None


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("MAIL FROM:<a@b.th> RET=x", "501 5.5.4"),
        ("MAIL FROM:<a@b.th> RET=HDRS RET=FULL", "501 5.5.4"),
        ("MAIL FROM:<a@b.th> NOTIFY=NEVER", "555 5.5.4"),
        (f"RCPT TO:<{PHRAE}> NOTIFY=x", "501 5.5.4"),
        (f"RCPT TO:<{PHRAE}> RET=FULL", "555 5.5.4"),
    ],
)
def test_what_is_asked_wrongly_is_refused(door, command, code):
    with door.call() as client:
        if command.startswith("RCPT"):
            client.say("MAIL FROM:<a@b.th>")
        assert client.say(command).startswith(code)
