"""What tests of the outbox do again and again: queue, claim, begin to send."""

from registry import outbox
from registry.outbox import Kind


def put(session, desk, office, to="saraban@town.example", **more) -> str:
    """Queue a notice, and give the id of the job."""
    job = outbox.enqueue(session, desk, Kind.NOTICE, office.phrae, to, **more)
    assert job is not None
    return job


def take(session, clock, **more):
    """Claim what is due for a minute."""
    return outbox.claim(session, clock.now(), 60, 10, "sender-1", **more)


def send(session, desk, office, clock, entry, delivery, to="saraban@town.example"):
    """Queue a letter, claim it and open an attempt."""
    job_id = outbox.enqueue(
        session, desk, Kind.LETTER, office.phrae, to, entry_id=entry, delivery_id=delivery
    )
    take(session, clock)
    return job_id, outbox.started(session, job_id, at=clock.now(), host="mx")
