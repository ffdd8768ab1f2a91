"""What came in at the door is known by its envelope recipient and the time."""

from datetime import timedelta

import pytest

from registry.intake import came_in
from registry.models.letters import IntakeRow

OURS = "saraban+b-tag@phrae.go.th"


@pytest.fixture
def session(database, clock):
    with database.write() as opened:
        opened.add(
            IntakeRow(
                spool_name="smtp/1",
                listener="mx",
                accepted_at=clock.now(),
                mail_from="",
                recipients=["other@phrae.go.th", OURS.upper()],
                raw_sha256="0" * 64,
                raw_bytes=1,
            )
        )
        opened.flush()
        yield opened


def test_a_mail_to_this_recipient_came_in(session, clock):
    assert came_in(session, OURS, clock.now())


def test_another_recipient_or_an_earlier_mail_is_not_meant(session, clock):
    assert not came_in(session, "nobody@phrae.go.th", clock.now())
    assert not came_in(session, OURS, clock.now() + timedelta(seconds=1))
