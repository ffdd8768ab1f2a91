"""MAIL and RCPT read strictly, and what is refused."""

import pytest

from gateway.errors import BadAddress, BadSyntax
from gateway.inbound.command import Path, read_path


@pytest.mark.parametrize(
    ("argument", "address"),
    [
        ("FROM:<a@b.th>", "a@b.th"),
        ("from: <a@b.th>", "a@b.th"),
        ("FROM:<>", ""),
        ("FROM:a@b.th", "a@b.th"),
        ("FROM:<@relay.th,@r2.th:a@b.th>", "a@b.th"),
        ('FROM:<"a b"@c.th>', '"a b"@c.th'),
        ('FROM:<"saraban"@c.th>', "saraban@c.th"),
        ('FROM:<"a>b"@c.th>', '"a>b"@c.th'),
        ("FROM:<a@[127.0.0.1]>", "a@[127.0.0.1]"),
        ("FROM:<" + "l" * 64 + "@b.th>", "l" * 64 + "@b.th"),
    ],
)
def test_a_path_is_read(argument, address):
    assert read_path("FROM", argument) == Path(address)


@pytest.mark.parametrize(
    "address",
    [
        "a", "@", "a@", "@b.th", "a@b@c", "a b@c.th", '"a\x00b"@c.th', "a\x00@c.th", "a@b.th\r",
        "l" * 65 + "@b.th", "a@" + "d" * 64 + ".th", "a@b.th\u202e", "a\udc80@b.th", "a@b..th",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(address):
    with pytest.raises(BadAddress):
        read_path("TO", f"TO:<{address}>", utf8=True)


@pytest.mark.parametrize("argument", ["TO:<a@b.th", "TO:<a@b.th>x", "TO:<a@b.th>>", "TO:<<a@b.th>"])
def test_a_path_without_its_form_is_refused(argument):
    with pytest.raises(BadAddress):
        read_path("TO", argument)


@pytest.mark.parametrize("argument", [None, "", "<a@b.th>", "TO <a@b.th>", "TO:", "TO: "])
def test_what_is_no_command_says_how_it_is_written(argument):
    with pytest.raises(BadSyntax) as caught:
        read_path("TO", argument)
    assert caught.value.reply() == "501 5.5.4 Syntax: RCPT TO:<address>"


def test_parameters_keep_the_case_of_their_values():
    path = read_path("FROM", "FROM:<a@b.th> size=12 BODY=8BITMIME ENVID=aBc+2B SMTPUTF8 X-Y=z")
    assert path.parameters == {
        "SIZE": "12", "BODY": "8BITMIME", "ENVID": "aBc+2B", "SMTPUTF8": None, "X-Y": "z",
    }  # fmt: skip


@pytest.mark.parametrize("tail", ["=1", "SIZE=", "SIZE=1 size=2", "A=b=c", "-A", "A\x00B"])
def test_bad_parameters_are_refused(tail):
    with pytest.raises(BadSyntax):
        read_path("FROM", f"FROM:<a@b.th> {tail}")


def test_a_thai_address_needs_smtputf8():
    with pytest.raises(BadAddress, match="SMTPUTF8"):
        read_path("FROM", "FROM:<สารบรรณ@ไทย.th>")
    assert read_path("FROM", "FROM:<สารบรรณ@ไทย.th> SMTPUTF8").address == "สารบรรณ@ไทย.th"


def test_postmaster_needs_no_domain():
    assert read_path("TO", "TO:<Postmaster>").address == "Postmaster"
