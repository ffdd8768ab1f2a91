"""Webhooks of programs: each event once, signed, without content, never into this network."""

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from gateway.outbound import hooks
from registry import entries, webhooks
from registry.models.outgoing import OutboxRow
from tests.gateway.outbound.office import OFFICER, SUBJECT
from tests.gateway.outbound.test_webhook import hook

__all__ = ["hook"]


@pytest.fixture
def subscribe(office):
    """Subscribe an address; give the subscription and its secret."""

    def made(url, *events, networks=("127.0.0.0/8", "::1/128")):
        send = replace(office.runtime.gateway.send, webhook_networks=networks)
        office.configure(send=send)
        with office.database.write() as session:
            return webhooks.subscribe(
                session, office.runtime.keys, office.phrae.id, url, events, OFFICER,
                office.runtime.clock.now(),
            )  # fmt: skip

    return made


def jobs_of(office):
    with office.database.read() as session:
        rows = session.scalars(select(OutboxRow).where(OutboxRow.kind == "webhook"))
        return [(row.facts["type"], row.state) for row in rows]


def standing(office):
    with office.database.read() as session:
        return webhooks.listing(session, office.phrae.id)[0]


def url_of(hook):
    return f"http://127.0.0.1:{hook.port}/room"


async def test_an_event_is_told_once_signed_and_without_what_the_letter_says(
    office, queue, hook, subscribe
):
    _, secret = subscribe(url_of(hook), "registered")
    letter, entry = office.receive()
    await queue.drain()
    await queue.drain()
    [(head, body)] = hook.heard
    said = json.loads(body)
    assert (said["type"], said["data"]["entry"], said["data"]["letter"]) == (
        "registered", entry, letter,
    )  # fmt: skip
    assert SUBJECT not in body.decode()
    lines = dict(line.split(": ", 1) for line in head[1:] if line)
    key = base64.b64decode(secret.removeprefix("whsec_"))
    text = f"{lines['webhook-id']}.{lines['webhook-timestamp']}.".encode() + body
    mac = base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
    assert lines["webhook-signature"] == f"v1,{mac}"


async def test_what_happened_before_or_was_not_asked_for_is_not_told(
    office, queue, hook, subscribe
):
    _, entry = office.receive()
    subscribe(url_of(hook), "void")
    office.receive()
    await queue.drain()
    assert hook.heard == []
    with office.database.write() as session:
        entries.void(session, entry, OFFICER, "ลงผิด", at=office.runtime.clock.now())
    await queue.drain()
    assert [json.loads(body)["type"] for _, body in hook.heard] == ["void"]


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:{port}/", "https://127.0.0.1:{port}/", "http://localhost:{port}/",
     "http://[::1]:{port}/", "http://[::ffff:127.0.0.1]:{port}/", "http://0.0.0.0:{port}/",
     "http://2130706433:{port}/", "https://10.0.0.1/", "https://169.254.169.254/latest",
     "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/", "http://203.0.113.9/"],
)  # fmt: skip
async def test_an_address_of_this_network_or_without_tls_is_not_called(
    office, queue, hook, subscribe, url
):
    subscribe(url.format(port=hook.port), "registered", networks=())
    office.receive()
    await queue.drain()
    assert hook.heard == []
    assert jobs_of(office) == [("registered", "failed")]


async def test_an_address_that_fails_for_days_is_left_alone_and_people_are_told(
    office, queue, hook, subscribe
):
    hook.says = b"HTTP/1.1 500 Oops\r\n\r\n"
    subscribe(url_of(hook), "registered")
    office.receive()
    await queue.drain()
    assert standing(office).failing_since is not None
    office.runtime.clock.advance(webhooks.PATIENCE + timedelta(hours=1))
    await queue.drain()
    assert standing(office).ended_at is not None
    with office.database.read() as session:
        notices = select(OutboxRow).where(OutboxRow.kind == "notice")
        told = [row.facts["text"] for row in session.scalars(notices)]
    assert told == ["webhook_ended"]
    office.receive()
    hooks.follow(office.runtime)
    assert len(jobs_of(office)) == 1


async def test_an_address_that_says_gone_is_called_no_more(office, queue, hook, subscribe):
    hook.says = b"HTTP/1.1 410 Gone\r\n\r\n"
    subscribe(url_of(hook), "registered")
    office.receive()
    await queue.drain()
    assert standing(office).ended_at is not None


async def test_one_good_call_ends_a_time_of_failing(office, queue, hook, subscribe):
    hook.says = b"HTTP/1.1 503 Later\r\n\r\n"
    subscribe(url_of(hook), "registered")
    office.receive()
    await queue.drain()
    hook.says = b"HTTP/1.1 204 No Content\r\n\r\n"
    office.runtime.clock.advance(timedelta(hours=1))
    await queue.drain()
    assert standing(office).failing_since is None
    assert jobs_of(office) == [("registered", "sent")]


async def test_calls_of_a_subscription_that_was_ended_are_not_made(office, queue, hook, subscribe):
    made, _ = subscribe(url_of(hook), "registered")
    office.receive()
    hooks.follow(office.runtime)
    with office.database.write() as session:
        webhooks.end(session, made.id, office.phrae.id, OFFICER, office.runtime.clock.now())
    await queue.drain()
    assert hook.heard == []
