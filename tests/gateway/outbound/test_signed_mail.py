"""Signed letters on their way: through the queue, by a real Postfix, and when a key is broken."""

import asyncio
import email
import io
import uuid
from datetime import timedelta

import dkim
import pytest

from gateway.inbound.inquiry import Inquiry
from gateway.inbound.signatures import SignedMail, check_signatures
from gateway.inbound.spool import Spool
from gateway.inbound.window import Window
from gateway.outbound import dkim_keys, sign
from gateway.outbound.answer import Fate
from gateway.outbound.mailq import Queue
from gateway.outbound.probe import send_probe
from gateway.settings import RelaySettings
from tests.gateway.inbound.nameserver import NameServer

DOMAIN = "phrae.example"


@pytest.fixture
def keys(office):
    """The folder of the office's keys, with one of each kind."""
    folder = office.runtime.data_dir / "keys" / "dkim"
    for kind in dkim_keys.KINDS:
        dkim_keys.create(folder, DOMAIN, kind, kind, office.runtime.clock.now())
    return folder


def holds(raw, keys, tmp_path):
    """What dkimpy says of the RSA signature, and our own verifier of both."""
    published = {key.name: key.record for key in dkim_keys.load(keys)}
    verifier = dkim.DKIM(raw)
    theirs = verifier.verify(dnsfunc=lambda name, **_: published[name.decode()[:-1]].encode())
    path = tmp_path / "one.eml"
    path.write_bytes(raw)
    header = raw.partition(b"\r\n\r\n")[0]
    with NameServer(published) as server, Window(path) as window:
        mail = SignedMail(window, header + b"\r\n", len(header) + 4)
        found = check_signatures(mail, DOMAIN, Inquiry(server.resolver()))
    return theirs, [check.result for check in found]


async def test_a_signature_holds_behind_a_real_postfix(office, postfix, keys, tmp_path):
    office.configure(relay=(RelaySettings(host=postfix.host, port=postfix.port, tls="none"),))
    job = office.send(
        to=f"signed{uuid.uuid4().hex}@dla.example",
        files={"หนังสือ.pdf": b"%PDF" * 90_000, "ผนวก.pdf": b"..\r\n.\r\n \r\n" * 9_000},
    )
    spool = Spool(office.runtime.spool_dir, "mailq", office.runtime.clock)
    await Queue(office.runtime, spool).drain()
    spool.close()
    [kept] = postfix.wait_for(office.get(job).to_address)
    raw = kept.replace(b"\n", b"\r\n")
    assert holds(raw, keys, tmp_path) == (True, ["pass", "pass"])
    assert email.message_from_bytes(raw)["Message-ID"] == office.get(job).message_id


async def test_the_size_that_is_announced_counts_the_signatures(
    relayed, queue, peer, keys, tmp_path
):
    job = relayed.send()
    await queue.drain()
    [mail] = peer.mails
    assert relayed.get(job).composed_bytes == len(mail)
    assert holds(mail, keys, tmp_path) == (True, ["pass", "pass"])


def test_a_retry_is_the_same_mail_though_a_new_key_was_made(office, keys):
    job = office.get(office.send())

    def written():
        composed, file = office.composer.compose(job), io.BytesIO()
        assert sign.write_signed(composed.mail, composed.signers, file) == composed.size
        return file.getvalue()

    first = written()
    dkim_keys.create(keys, DOMAIN, "newer", "rsa", job.created_at + timedelta(seconds=1))
    assert written() == first
    assert b"s=rsa;" in first


async def test_a_letter_whose_key_cannot_be_used_waits_and_says_why(relayed, queue, peer, keys):
    job = relayed.send()
    key = keys / f"{DOMAIN}.rsa.pem"
    whole = key.read_bytes()
    key.write_bytes(whole[:100])
    await queue.drain()
    held = relayed.get(job)
    assert (held.state, peer.mails) == ("queued", [])
    assert str(key) in held.last_reply
    assert "PRIVATE" not in held.last_reply
    key.write_bytes(whole)
    relayed.runtime.clock.set(held.not_before)
    await queue.drain()
    assert relayed.get(job).state == "sent"
    assert b"DKIM-Signature" in peer.mails[0]


async def test_the_mail_that_tries_the_way_is_signed_like_any_other(relayed, peer, keys, tmp_path):
    [relay] = relayed.runtime.gateway.relay
    answer = await asyncio.to_thread(send_probe, relayed.runtime, relay, f"saraban+b-x@{DOMAIN}")
    assert answer.fate is Fate.SENT
    assert holds(peer.mails[0], keys, tmp_path) == (True, ["pass", "pass"])


async def test_mail_between_entities_hosted_here_is_not_signed(office, queue, keys):
    job = office.send(to="saraban@town.example")
    await queue.drain()
    assert office.get(job).state == "sent"
    [path] = office.runtime.spool_dir.glob("*/new/*.eml")
    assert b"DKIM-Signature" not in path.read_bytes()
