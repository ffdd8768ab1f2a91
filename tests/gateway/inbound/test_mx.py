"""What port 25 takes, and what it refuses before 250 with a line that says what to do."""

from dataclasses import replace

import pytest

from registry.settings import SecrecySettings

LETTER = b"From: a@dla.example\r\nSubject: %s\r\n\r\nx\r\n"
TOKEN = "r-" + "a2" * 16 + "c"


@pytest.mark.parametrize(
    "address",
    [
        "saraban@phrae.example",
        "SARABAN@Phrae.Example",
        "saraban@town.example",
        "saraban+dla@phrae.example",
        "saraban+number@phrae.example",
        f"saraban+{TOKEN}@phrae.example",
        f"saraban+{TOKEN.replace('r-', 'B-')}@phrae.example",
        "postmaster@phrae.example",
        "postmaster",
        '"saraban"@phrae.example',
    ],
)
def test_an_address_of_this_office_is_taken(door, address):
    with door.call() as client:
        assert client.mail(LETTER % b"x", address).startswith("250 ")


@pytest.mark.parametrize(
    ("address", "reply"),
    [
        ("nobody@phrae.example", "550 5.1.1 No such address here"),
        ("somsri@phrae.example", "550 5.1.1 No such address here"),
        ("saraban+nobody@phrae.example", "550 5.1.1 "),
        ("saraban+r-short@phrae.example", "550 5.1.1 "),
        ("saraban@dla.example", "550 5.7.1 Relaying denied"),
        ("x@elsewhere.example", "550 5.7.1 Relaying denied"),
        ("saraban%elsewhere.example@phrae.example", "550 5.1.1 "),
        ("@phrae.example:x@elsewhere.example", "550 5.7.1 Relaying denied"),
        ("x", "553 5.1.3 "),
    ],
)
def test_any_other_address_is_refused_at_rcpt(door, address, reply):
    with door.call() as client:
        client.say("MAIL FROM:<a@b.th>")
        assert client.say(f"RCPT TO:<{address}>").startswith(reply)


def test_a_thai_dispatch_code_is_taken_from_a_client_that_reads_utf8(door):
    with door.call() as client:
        client.say("MAIL FROM:<a@b.th> SMTPUTF8")
        assert client.say("RCPT TO:<saraban+กค@phrae.example>").startswith("250 ")
        assert client.say("RCPT TO:<saraban+กง@phrae.example>").startswith("550 5.1.1 ")


def test_known_recipients_are_served_although_another_is_refused(door):
    with door.call() as client:
        client.say("MAIL FROM:<a@b.th>")
        client.say("RCPT TO:<nobody@phrae.example>")
        client.say("RCPT TO:<saraban@phrae.example>")
        client.say("DATA")
        assert client.say("A: b\r\n\r\nx\r\n.").startswith("250 ")
    assert door.only_letter().envelope.recipients == ("saraban@phrae.example",)


def test_a_letter_that_says_it_is_too_large_is_refused_with_the_number(open_door):
    door = open_door(max_message_bytes=1000)
    with door.call() as client:
        refused = client.say("MAIL FROM:<a@b.th> SIZE=1001")
        assert client.say("MAIL FROM:<a@b.th> SIZE=1000").startswith("250 ")
    assert refused.startswith("552 5.3.4 The letter is larger than 1000 bytes;")


def test_a_letter_that_grows_too_large_is_read_to_its_end_and_refused(open_door):
    door = open_door(max_message_bytes=1000)
    with door.call() as client:
        assert client.mail(b"A: b\r\n\r\n" + b"QUIT\r\n" * 200).startswith("552 5.3.4 ")
        assert client.mail(b"A: b\r\n\r\n" + b"x" * 990 + b"\r\n").startswith("250 ")
    assert door.only_letter().envelope.raw_bytes == 1000


def test_while_the_disk_is_nearly_full_letters_are_put_off(open_door):
    door = open_door(min_free_bytes=10**18)
    with door.call() as client:
        assert client.say("MAIL FROM:<a@b.th>").startswith("452 4.3.1 ")


def test_a_full_disk_in_the_middle_of_a_letter_is_452_and_leaves_nothing(door, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    with door.call() as client:
        client.begin()
        monkeypatch.setattr("gateway.inbound.disk.write_all", full)
        client.send(b"A: b\r\n\r\nx\r\n.\r\n")
        assert client.reply().startswith("452 4.3.1 ")
        monkeypatch.undo()
        door.nothing_is_left()
        assert client.mail(LETTER % b"x").startswith("250 ")


@pytest.mark.parametrize(
    "subject",
    [
        "ลับที่สุด".encode(),
        "[ลับที่สุด] แผนป้องกัน".encode(),
        b"=?utf-8?B?4Lil4Lix4Lia4LiX4Li14LmI4Liq4Li44LiU?=",
        b"=?utf-8?B?4Lil4Lix4Lia4LiX?=\r\n =?utf-8?B?4Li14LmI4Liq4Li44LiU?=",
        "ลับที่สุด".encode("cp874"),
        b"x\r\nsubject : " + "ลับที่สุด".encode(),
    ],
)
def test_a_letter_tagged_top_secret_is_refused(door, subject):
    with door.call() as client:
        reply = client.mail(LETTER % subject)
    assert reply.startswith("550 5.7.1 Letters marked as top secret must not be sent by mail")
    door.nothing_is_left()


@pytest.mark.parametrize("subject", ["ลับ", "[ลับมาก] x", "การรักษาความลับที่สุดยอด", "กลับที่สุดทาง"])
def test_other_letters_that_speak_of_secrecy_are_taken(door, subject):
    with door.call() as client:
        assert client.mail(LETTER % subject.encode()).startswith("250 ")


def test_every_marked_letter_is_refused_where_the_settings_say_so(open_door, runtime):
    object.__setattr__(
        runtime, "office", replace(runtime.office, secrecy=SecrecySettings(policy="refuse"))
    )
    with open_door().call() as client:
        assert client.mail(LETTER % "[ลับ] x".encode()).startswith("550 5.7.1 ")


def test_a_body_that_begins_like_a_header_is_not_one(door):
    with door.call() as client:
        letter = b"Subject: x\r\n\r\n" + "Subject: ลับที่สุด\r\n".encode()
        assert client.mail(letter).startswith("250 ")


@pytest.mark.parametrize(("hops", "reply"), [(50, "250 2.0.0"), (51, "554 5.4.6 Too many hops")])
def test_a_letter_that_goes_round_is_stopped(door, hops, reply):
    with door.call() as client:
        letter = b"Received: from x by y\r\n" * hops + LETTER % b"x"
        assert client.mail(letter).startswith(reply)


def test_a_header_of_a_megabyte_is_no_reason_to_refuse(door):
    with door.call() as client:
        assert client.mail(b"X: " + b"y" * 1_000_000 + b"\r\n\r\nz\r\n").startswith("250 ")


def test_bare_line_endings_are_kept_as_they_came(door):
    with door.call() as client:
        assert client.mail(b"A: b\r\n\r\nx\ny\rz\r\n").startswith("250 ")
    assert door.only_letter().raw() == b"A: b\r\n\r\nx\ny\rz\r\n"


def test_so_many_recipients_and_no_more(open_door):
    door = open_door(max_recipients=2)
    with door.call() as client:
        client.say("MAIL FROM:<a@b.th>")
        replies = [
            client.say(f"RCPT TO:<{address}@phrae.example>")[:9]
            for address in ("saraban", "saraban+number", "saraban+dla")
        ]
    assert replies == ["250 2.1.5", "250 2.1.5", "452 4.5.3"]


def test_hosts_of_the_settings_are_marked_in_the_envelope(open_door):
    door = open_door(trusted_networks=("127.0.0.0/8",), forwarders=("::1", "127.0.0.1"))
    with door.call() as client:
        client.mail(LETTER % b"x")
    envelope = door.only_letter().envelope
    assert (envelope.trusted_network, envelope.forwarder) == (True, True)
