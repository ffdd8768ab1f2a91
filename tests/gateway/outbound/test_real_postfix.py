"""The queue against a real Postfix: what it says is understood, and what it takes is whole."""

import email
import email.policy
import uuid

import pytest

from gateway.inbound.spool import Spool
from gateway.outbound.mailq import Queue
from gateway.settings import RelaySettings


@pytest.fixture
def relayed(office, postfix):
    relay = RelaySettings(host=postfix.host, port=postfix.port, tls="none")
    office.configure(relay=(relay,))
    spool = Spool(office.runtime.spool_dir, "mailq", office.runtime.clock)
    yield Queue(office.runtime, spool)
    spool.close()


async def test_a_letter_with_files_arrives_whole_in_the_receivers_mailbox(office, postfix, relayed):
    files = {"หนังสือที่ พร ๐๐๒๓.๓.pdf": b"%PDF" * 50_000, "ผนวก.pdf": b"..\r\n.\r\n" * 9_000}
    job = office.send(to=f"saraban{uuid.uuid4().hex}@dla.example", files=files)
    await relayed.drain()
    assert office.get(job).state == "sent"
    raw = postfix.wait_for(office.get(job).to_address)[0]
    message = email.message_from_bytes(raw, policy=email.policy.default)
    got = {p.get_filename(): p.get_payload(decode=True) for p in message.iter_attachments()}
    assert {name: got[name] for name in files} == files
    assert message["Message-ID"] == office.get(job).message_id


async def test_a_server_that_takes_less_gets_the_files_on_the_page(office, postfix, relayed):
    postfix.configure(message_size_limit="150000")
    try:
        files = {"ก.pdf": b"a" * 10_000, "ข.pdf": b"b" * 400_000}
        job = office.send(to=f"small{uuid.uuid4().hex}@dla.example", files=files)
        await relayed.drain()
    finally:
        postfix.configure(message_size_limit="0")
    assert office.get(job).state == "sent"
    raw = postfix.wait_for(office.get(job).to_address)[0]
    assert len(raw) < 150_000
    assert office.get(job).composed_bytes <= 150_000
