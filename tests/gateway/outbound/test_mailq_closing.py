"""What the peer said is written down whatever it was, and however long the database takes."""

import sqlite3

from sqlalchemy.exc import OperationalError

from gateway.outbound import mailq
from tests.gateway.outbound.office import attempts


async def test_a_reply_of_any_bytes_is_kept_and_the_mail_is_not_sent_again(
    relayed, peer, queue, clock
):
    """A NUL cannot be kept in PostgreSQL, a lone byte in no text at all."""
    job = relayed.send()
    peer.says("DOT", "250 taken \x00 as \udcff\udcfe no. 1")
    await queue.drain()
    assert relayed.get(job).state == "sent"
    assert [result for result, *_ in attempts(relayed, job)] == ["ok"]
    assert len(peer.mails) == 1


async def test_a_refusal_of_any_bytes_ends_the_job(relayed, peer, queue):
    job = relayed.send()
    peer.says("RCPT", "550 no \x00 such \udcff user")
    await queue.drain()
    assert relayed.get(job).state == "failed"


async def test_a_250_is_not_forgotten_while_the_database_is_busy(relayed, peer, queue, monkeypatch):
    """Forgetting it would send the letter a second time when the lease runs out."""
    close, failures = mailq.close, iter(range(2))

    def busy(*args, **kwargs):
        if next(failures, None) is not None:
            raise OperationalError("", None, sqlite3.OperationalError("database is locked"))
        close(*args, **kwargs)

    monkeypatch.setattr(mailq, "close", busy)
    monkeypatch.setattr(mailq, "AGAIN", 0.01)
    job = relayed.send()
    await queue.drain()
    assert relayed.get(job).state == "sent"
    assert len(peer.mails) == 1
