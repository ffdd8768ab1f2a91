"""Vacation programs and mailing lists, honest ones and others, write back for ever; we stop."""

from collections.abc import Iterator

import pytest

from registry.models.outgoing import OutboxRow
from tests.journeys.installation import Installation, mail
from tests.journeys.responder import OFFICE, Responder
from tests.servers.ports import free_port

MANNERS = ("honest", "silent", "thread", "person", "list")
BOXES = {f"saraban@{manner}.go.th": manner for manner in MANNERS}
UNIT, CLERK = "kongklang@phrae.go.th", "somjai@phrae.go.th"
ALLOWED = 3  # registry.answers_per_hour


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Installation, Responder]]:
    """An office, and everybody else behind one server that answers everything."""
    office = Installation(tmp_path_factory.mktemp("loops") / "office")
    port = free_port()
    office.settings("registry", answers_per_hour=ALLOWED)
    office.settings("relay", host="127.0.0.1", port=port, tls="none")
    for number, manner in enumerate(MANNERS):
        office.add_entity(manner, f"หน่วยงาน {manner}", f"{manner}.go.th", f"ทส {number + 10}")
    office.add_officer(CLERK)
    office.add_officer("officer@phrae.go.th", role="officer")
    office.add_unit("klang", "กองกลาง", CLERK, default=True)
    with Responder(port, BOXES | {CLERK: "thread"}) as responder:
        with office.serving("smtp,worker,mailq"):
            responder.office = office.ports["smtp"]
            for box in BOXES:
                letter = mail(box, OFFICE, f"ขอความร่วมมือ {box}")
                letter["Disposition-Notification-To"] = box  # a wish that no machine fulfils
                office.send(letter, box, OFFICE)
            expected = len(BOXES)
            office.wait(lambda: _at_rest(office, responder, expected))
        yield office, responder


def _at_rest(office: Installation, responder: Responder, began: int) -> bool:
    """Say whether every mail that came was worked on and everything that was to leave has left.

    In this order: what has left was answered before, and what is entered has its mails queued.
    """
    if office.jobs("queued", "sending"):
        return False
    sent = sum(responder.sent.values())
    if len(office.letter_states()) < began + sent:
        return False
    return not office.jobs("queued", "sending") and sent == sum(responder.sent.values())


def _written_to(office: Installation, box: str) -> list[str]:
    with office.reading() as session:
        rows = session.query(OutboxRow).filter_by(to_address=box).order_by(OutboxRow.id)
        return [str(row.facts.get("text", row.kind)) for row in rows]


@pytest.mark.parametrize("manner", ["honest", "silent", "thread"])
def test_an_answer_to_our_acknowledgement_is_not_answered(world, manner):
    office, responder = world
    box = f"saraban@{manner}.go.th"
    assert _written_to(office, box) == ["acknowledgement"]
    assert responder.sent[box] == 1


def test_a_program_that_writes_new_letters_as_a_person_does_is_answered_three_times(world):
    office, responder = world
    box = "saraban@person.go.th"
    assert _written_to(office, box) == ["acknowledgement"] * ALLOWED
    assert responder.sent[box] == ALLOWED


def test_a_mailing_list_that_sends_us_our_own_words_is_not_answered(world):
    office, responder = world
    assert _written_to(office, "saraban@list.go.th") == ["acknowledgement"]
    assert responder.sent["saraban@list.go.th"] == 1


def test_the_officers_hear_once_of_each_pair_that_is_parted_and_the_log_has_a_line_for_it(world):
    office, _ = world
    told = [job for job in office.jobs() if job.facts.get("text") == "loop_stopped"]
    assert {job.to_address for job in told} == {"officer@phrae.go.th"}
    assert sorted(job.facts["address"] for job in told) == ["saraban@person.go.th", CLERK]
    assert office.log().count("answer each other without end") == 2


def test_a_clerks_own_program_that_answers_every_copy_is_noted_and_told_three_times(world):
    """It says in no header that it is a machine: its answers are notes, and the notes end."""
    office, responder = world
    written = _written_to(office, CLERK)
    assert written.count("copy") > ALLOWED
    assert written.count("note_taken") == ALLOWED
    assert responder.got[CLERK] == len(written)
