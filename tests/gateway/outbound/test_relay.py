"""Handing on by SMTP, against hosts that misbehave in every way we could think of."""

import asyncio
import ssl

import aiosmtplib
import pytest
from aiosmtplib.protocol import SMTPProtocol
from hypothesis import given
from hypothesis import strategies as st

from gateway.outbound.answer import Fate
from gateway.outbound.reasons import in_thai
from gateway.outbound.relay import Consignment, Patience, deliver, stuffed
from gateway.settings import RelaySettings
from tests.gateway.outbound.peer import CUT, HANG, ScriptedPeer
from tests.servers.certificates import make_certificate

QUICK = Patience(connect=5, command=5, block=5, final=5)
MAIL = b"Subject: one\r\n\r\n.dot\r\n..two\r\nend\r\n"


async def wanted() -> bool:
    return True


@pytest.fixture
def bring(peer, tmp_path):
    """Try to bring a mail to the peer; returns the answer."""

    async def once(
        mail=MAIL, *, wanted=wanted, patience=QUICK, mail_from="a@phrae.example",
        rcpt_to="saraban@dla.example",
    ):  # fmt: skip
        path = tmp_path / "mail.eml"
        path.write_bytes(mail)
        relay = RelaySettings(host="127.0.0.1", port=peer.port, tls="none")
        consignment = Consignment(path, len(mail), mail_from, rcpt_to, envelope_id="abc+d")
        return await deliver(relay, "mail.phrae.example", consignment, wanted, patience)

    return once


async def test_a_mail_arrives_byte_for_byte_with_its_envelope(peer, bring):
    answer = await bring()
    assert (answer.fate, answer.code) == (Fate.SENT, 250)
    assert peer.mails == [MAIL]
    assert "EHLO mail.phrae.example" in peer.commands
    assert "MAIL FROM:<a@phrae.example>" in peer.commands
    assert "RCPT TO:<saraban@dla.example>" in peer.commands


async def test_the_null_sender_is_sent_as_such_and_size_is_told_where_it_is_asked_for(peer, bring):
    peer.size = 1_000_000
    await bring(mail_from="")
    assert f"MAIL FROM:<> SIZE={len(MAIL)}" in peer.commands


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "DOT"])
@pytest.mark.parametrize(
    ("reply", "fate"),
    [
        ("450 4.2.0 later", Fate.DEFERRED),
        ("550 5.1.1 nobody", Fate.REFUSED),
        ("552 5.2.2 mailbox full", Fate.DEFERRED),
        ("552 5.3.4 too big", Fate.TOO_LARGE),
        ("garbage!", Fate.DEFERRED),
        ("350 what", Fate.DEFERRED),
        ("999 beyond", Fate.DEFERRED),
    ],
)
async def test_every_reply_is_understood_at_every_step(peer, bring, verb, reply, fate):
    peer.says(verb, reply)
    answer = await bring()
    assert answer.fate is fate
    assert not answer.door_shut
    assert not peer.mails


@pytest.mark.parametrize("reply", ["554 no", "421 busy", "garbage", CUT])
async def test_a_refusal_before_mail_shuts_the_door_and_fails_no_letter(peer, bring, reply):
    peer.says("GREETING", reply)
    answer = await bring()
    assert (answer.fate, answer.door_shut) == (Fate.DEFERRED, True)


async def test_a_host_that_is_not_there_shuts_the_door(peer, bring):
    peer._server.close()
    await peer._server.wait_closed()
    answer = await bring()
    assert (answer.fate, answer.door_shut) == (Fate.DEFERRED, True)


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA"])
async def test_a_cut_before_the_final_dot_is_a_plain_failure(peer, bring, verb):
    peer.says(verb, CUT)
    assert (await bring()).fate is Fate.DEFERRED


async def test_a_cut_between_the_final_dot_and_the_reply_is_uncertain(peer, bring):
    peer.says("DOT", CUT)
    assert (await bring()).fate is Fate.UNCERTAIN


async def test_no_reply_after_the_final_dot_is_uncertain_too(peer, bring):
    peer.says("DOT", HANG)
    answer = await bring(patience=Patience(connect=5, command=5, block=5, final=0.2))
    assert answer.fate is Fate.UNCERTAIN


async def test_a_host_that_falls_silent_does_not_hold_us_for_ever(peer, bring):
    peer.says("MAIL", HANG)
    answer = await bring(patience=Patience(connect=5, command=0.2, block=5, final=5))
    assert answer.fate is Fate.DEFERRED


async def test_a_mail_over_the_announced_size_is_not_even_begun(peer, bring):
    peer.size = len(MAIL) - 1
    answer = await bring()
    assert (answer.fate, answer.size) == (Fate.TOO_LARGE, len(MAIL) - 1)
    assert not any(line.startswith("MAIL") for line in peer.commands)


@pytest.mark.parametrize("size", [len(MAIL), 0])
async def test_a_mail_of_exactly_the_size_goes_and_zero_means_no_limit(peer, bring, size):
    peer.size = size
    assert (await bring()).fate is Fate.SENT


async def test_a_mail_withdrawn_just_before_data_does_not_leave(peer, bring):
    async def no_more() -> bool:
        return False

    assert (await bring(wanted=no_more)).fate is Fate.WITHDRAWN
    assert not any(line.startswith("DATA") for line in peer.commands)
    assert not peer.mails


async def test_a_reply_in_the_middle_of_the_mail_is_the_last_word(peer, bring):
    peer.impatient = True
    peer.says("DOT", "552 5.3.4 that is enough")
    answer = await bring(b"line of a very long mail\r\n" * 1_000_000)
    assert answer.fate is Fate.TOO_LARGE


async def test_a_yes_in_the_middle_of_the_mail_is_no_yes(peer, bring):
    peer.impatient = True
    peer.says("DOT", "250 thank you, I have heard enough")
    answer = await bring(b"line of a very long mail\r\n" * 1_000_000)
    assert answer.fate is Fate.DEFERRED


async def test_a_large_mail_streams_past_a_slow_reader(peer, bring):
    mail = b"x" * 70 + b"\r\n"
    answer = await bring(mail * 300_000)
    assert answer.fate is Fate.SENT
    assert peer.mails == [mail * 300_000]


@given(st.lists(st.sampled_from([b".", b"\r\n", b"a", b"\r\n.", b".\r\n", b"\n"]), max_size=40))
def test_dots_are_stuffed_however_the_blocks_fall(blocks):
    text = b"".join(blocks)
    whole = (b"\r\n" + text).replace(b"\r\n.", b"\r\n..")[2:]
    assert b"".join(stuffed(iter(blocks))) == whole
    assert b"".join(stuffed(bytes([byte]) for byte in text)) == whole


async def test_a_relay_that_does_not_speak_tls_is_not_given_the_mail_in_the_clear(peer, tmp_path):
    path = tmp_path / "mail.eml"
    path.write_bytes(MAIL)
    relay = RelaySettings(host="127.0.0.1", port=peer.port, tls="starttls")
    consignment = Consignment(path, len(MAIL), "a@b.example", "c@d.example")
    answer = await deliver(relay, "me.example", consignment, wanted, QUICK)
    assert (answer.fate, answer.door_shut) == (Fate.DEFERRED, True)
    assert not any(line.startswith("MAIL") for line in peer.commands)


@pytest.mark.parametrize(("trusted", "fate"), [(True, Fate.SENT), (False, Fate.DEFERRED)])
async def test_tls_is_used_and_the_certificate_is_checked(tmp_path, trusted, fate):
    certificate = make_certificate(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate.file, certificate.key_file)
    path = tmp_path / "mail.eml"
    path.write_bytes(MAIL)
    async with ScriptedPeer(tls=context) as peer:
        ca_file = str(certificate.file) if trusted else ""
        relay = RelaySettings(host="127.0.0.1", port=peer.port, tls="tls", ca_file=ca_file)
        consignment = Consignment(path, len(MAIL), "a@b.example", "c@d.example")
        answer = await deliver(relay, "me.example", consignment, wanted, QUICK)
    assert answer.fate is fate
    assert bool(peer.mails) is trusted


async def test_a_missing_password_file_is_the_relays_trouble_and_not_the_letters(peer, tmp_path):
    path = tmp_path / "mail.eml"
    path.write_bytes(MAIL)
    relay = RelaySettings(
        host="127.0.0.1", port=peer.port, username="u", password_file=str(tmp_path / "none")
    )
    consignment = Consignment(path, len(MAIL), "a@b.example", "c@d.example")
    answer = await deliver(relay, "me.example", consignment, wanted, QUICK)
    assert (answer.fate, answer.door_shut) == (Fate.DEFERRED, True)


def test_what_we_lean_on_in_aiosmtplib_is_still_there():
    """A new version that renames these must fail here and not while a letter is on its way."""
    assert asyncio.iscoroutinefunction(SMTPProtocol._drain_helper)
    assert callable(SMTPProtocol.write)
    assert asyncio.iscoroutinefunction(SMTPProtocol.read_response)
    client = aiosmtplib.SMTP(hostname="127.0.0.1", port=1)
    assert client.protocol is None
    assert client.esmtp_extensions == {}


async def test_a_peer_that_offers_dsn_is_asked_to_report_failure_and_delay_under_our_id(
    peer, bring
):
    peer.offers = ("DSN",)
    assert (await bring()).fate is Fate.SENT
    assert "MAIL FROM:<a@phrae.example> RET=HDRS ENVID=abc+2Bd" in peer.commands
    asked = "NOTIFY=FAILURE,DELAY ORCPT=rfc822;saraban@dla.example"
    assert f"RCPT TO:<saraban@dla.example> {asked}" in peer.commands


async def test_of_a_mail_from_the_null_sender_nothing_is_to_be_reported(peer, bring):
    peer.offers = ("DSN",)
    await bring(mail_from="")
    assert "MAIL FROM:<>" in peer.commands
    assert "RCPT TO:<saraban@dla.example> NOTIFY=NEVER" in peer.commands


async def test_an_address_in_thai_goes_where_smtputf8_is_offered(peer, bring):
    peer.offers = ("SMTPUTF8", "DSN")
    assert (await bring(rcpt_to="สารบรรณ@dla.example")).fate is Fate.SENT
    assert "MAIL FROM:<a@phrae.example> SMTPUTF8 RET=HDRS ENVID=abc+2Bd" in peer.commands
    assert "RCPT TO:<สารบรรณ@dla.example> NOTIFY=FAILURE,DELAY" in peer.commands


async def test_an_address_in_thai_is_refused_with_the_reason_where_it_is_not(peer, bring):
    answer = await bring(rcpt_to="สารบรรณ@dla.example")
    assert (answer.fate, answer.code) == (Fate.REFUSED, None)
    assert "ไม่ใช่อักษรอังกฤษ" in in_thai(answer)
    assert not any(line.startswith("MAIL") for line in peer.commands)
