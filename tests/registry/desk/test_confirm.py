"""Who is told that a mail was delivered, because NOTIFY=SUCCESS asked for it."""

import pytest

from registry.letter.message import Listener, Means, Receipt, Trust
from registry.outbox import Kind
from tests.registry.desk.conftest import DLA, NOBODY, PHRAE, TOWN, House, Mails, pdf

ASKED = {
    "ret": "FULL",
    "envid": "QQ314159",
    "recipients": {
        PHRAE: {"notify": ["SUCCESS", "DELAY"], "orcpt": "rfc822;Saraban@PHRAE.example"}
    },
}


def test_a_proven_sender_who_asked_is_told_once_beside_the_acknowledgement(
    house: House, mail: Mails
):
    outcome = house.one(mail(dsn=ASKED, parts=[pdf()]))

    (job,) = house.jobs(Kind.DELIVERED)
    assert (job.to_address, job.letter_id) == (DLA, outcome.letter_id)
    assert job.facts == {
        "recipients": [{"final": PHRAE, "original": "rfc822;Saraban@PHRAE.example"}],
        "envid": "QQ314159",
        "arrived": "2025-10-03T10:42:00+07:00",
    }
    assert house.acknowledged() == [DLA]


@pytest.mark.parametrize(
    "recipients",
    [
        {},
        {PHRAE: {"notify": ["NEVER"]}},
        {PHRAE: {"notify": ["FAILURE", "DELAY"]}},
        {PHRAE: {"orcpt": "rfc822;x@y"}},
        {"other@phrae.example": {"notify": ["SUCCESS"]}},
    ],
)
def test_who_did_not_ask_for_success_hears_nothing(house: House, mail: Mails, recipients):
    house.one(mail(dsn={"recipients": recipients}))

    assert house.jobs(Kind.DELIVERED) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"trust": NOBODY},
        {"mail_from": ""},
        {"mail_from": "victim@elsewhere.example"},
        {"mail_from": "victim@notdla.example"},
        {"bulk": True},
        {"automatic": True, "parts": [pdf()]},
        {"receipt": Receipt("arrived", "<x@y>")},
    ],
    ids=["unproven", "null sender", "another", "look-alike", "list", "automatic", "receipt"],
)
def test_nobody_else_can_be_made_to_hear_and_no_machine_does(house: House, mail: Mails, fields):
    house.one(mail(dsn=ASKED, **fields))

    assert house.jobs(Kind.DELIVERED) == []


def test_a_clerk_who_signed_in_hears_by_notice_and_not_so(house: House, mail: Mails):
    trust = Trust(Means.SIGNED_IN, "phrae.example", signed_in="somchai@phrae.example")
    message = mail(
        dsn=ASKED, listener=Listener.SUBMISSION, trust=trust, sender="somchai@phrae.example",
        recipients=(TOWN,), parts=[pdf()],
    )  # fmt: skip
    house.one(message)

    assert house.jobs(Kind.DELIVERED) == []


def test_a_system_that_asks_without_end_is_told_no_more(house: House, mail: Mails):
    house.settle(answers_per_hour=2)
    for n in range(5):
        house.one(
            mail(
                dsn=ASKED,
                trust=Trust(Means.DKIM, "dla.example"),
                sender=f"a{n}@dla.example",
                mail_from="loop@dla.example",
            )
        )

    assert len(house.jobs(Kind.DELIVERED)) == 2
