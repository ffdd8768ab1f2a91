"""The kill campaign in its short form: few rounds, any seed. The long one: make campaign."""

import random
from pathlib import Path

from tests.campaign.campaign import Campaign, durable_postgres

ROUNDS = 4


def test_what_was_answered_is_there_once_after_kills_under_load(tmp_path: Path):
    outcome = Campaign(tmp_path / "office", random.randrange(10**6)).run(ROUNDS)
    assert outcome.received > ROUNDS
    assert outcome.sent > 0


def test_the_same_holds_when_postgresql_is_killed_too(tmp_path: Path):
    with durable_postgres() as server:
        outcome = Campaign(tmp_path / "office", random.randrange(10**6), server).run(ROUNDS)
    assert outcome.received > ROUNDS
    assert outcome.sent > 0
