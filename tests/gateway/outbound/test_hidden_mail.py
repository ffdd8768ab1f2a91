"""A letter that is found secret while its mail is on the way: what was not told yet stays here."""

from datetime import timedelta

import pytest

from registry.desk import found_secret
from registry.errors import NotAllowed
from registry.letter.grades import Secrecy
from registry.models.outgoing import OutboxRow
from registry.outbox import Kind
from tests.gateway.outbound.office import OFFICER


def hide_while_it_is_sent(office, job_id: str) -> None:
    """Let an officer hide the letter of a job that a sender has in hand."""
    with office.database.write() as session:
        row = session.get_one(OutboxRow, job_id)
        row.state, row.lease_until = "sending", office.runtime.clock.now() + timedelta(minutes=10)
        found_secret.hide(
            session, office.runtime.desk, row.letter_id, OFFICER, Secrecy.CONFIDENTIAL
        )


def test_neither_letter_nor_copy_is_composed_of_what_was_hidden_meanwhile(office):
    letter, entry = office.receive()
    copy = office.job(Kind.COPY, "box@phrae.example", entry_id=entry, letter_id=letter)
    for job in (office.send(), copy):
        hide_while_it_is_sent(office, job)
        assert office.get(job).state == "sending"
        with pytest.raises(NotAllowed):
            office.compose(job)


async def test_what_a_dead_sender_had_in_hand_does_not_leave_when_it_is_hidden(
    relayed, peer, queue, clock
):
    job = relayed.send()
    hide_while_it_is_sent(relayed, job)
    clock.advance(timedelta(minutes=11))
    await queue.drain()
    assert relayed.get(job).state == "failed"
    assert not any(b"%PDF" in mail or b"JVBERi" in mail for mail in peer.mails)


async def test_to_an_entity_of_this_house_it_does_not_go_either(relayed, queue, clock):
    job = relayed.send("saraban@town.example", to_name="เทศบาลเมืองแพร่")
    hide_while_it_is_sent(relayed, job)
    clock.advance(timedelta(minutes=11))
    await queue.drain()
    assert relayed.get(job).state == "failed"
    assert not list((relayed.runtime.data_dir / "spool").rglob("new/*.eml"))
