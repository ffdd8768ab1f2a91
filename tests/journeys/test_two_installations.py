"""Two installations of this system write to each other, each behind the same plain Postfix."""

from collections.abc import Iterator

import pytest

from registry.letter.delivery import Delivery
from tests.journeys.installation import Installation, mail
from tests.journeys.pair import ONLY, two_installations

CLERK = "somjai@phrae.go.th"
OFFICER = "officer@nan.go.th"


@pytest.fixture(scope="module")
def provinces(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Installation, Installation]]:
    """Phrae and Nan; each has the other in its directory."""
    folder = tmp_path_factory.mktemp("provinces")
    with two_installations(folder) as (phrae, nan):
        phrae.add_officer(CLERK)
        nan.add_officer(OFFICER, "nan", role="officer")
        nan.settings("registry", receive="by_officer")
        # A mistake people make: copies for the unit go to the very mailbox they are made from.
        nan.add_unit("desk", "สารบรรณ", "saraban@nan.go.th", "nan", default=True)
        with phrae.serving(ONLY), nan.serving(ONLY):
            yield phrae, nan


def submitted(phrae: Installation, nan: Installation, subject: str) -> str:
    """Send a letter from Phrae; give the id under which it waits at Nan."""
    message = mail(CLERK, "saraban@nan.go.th", subject)
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="ก.pdf")
    phrae.submit(message, CLERK, "saraban@nan.go.th")
    phrae.wait(lambda: delivery(phrae, subject, "arrived"))
    [waiting] = nan.waiting("nan")
    return waiting.id


def delivery(office: Installation, subject: str, state: str = "") -> Delivery | None:
    """Give the delivery of a letter, if it has come so far."""
    for entry in office.entries("sent"):
        for one in entry.deliveries:
            if entry.subject == subject and state in ("", one.state):
                return one
    return None


def test_our_letter_bears_their_receive_number_and_nobody_answers_an_acknowledgement(
    provinces: tuple[Installation, Installation],
):
    phrae, nan = provinces
    subject = "ขอความร่วมมือประชาสัมพันธ์"
    nan.run("letter", "accept", submitted(phrae, nan, subject), "--by", OFFICER)
    registered = phrae.wait(lambda: delivery(phrae, subject, "registered"))
    [theirs], [ours] = nan.entries("received", "nan"), phrae.entries("sent")
    assert registered.remote_number == f"{theirs.number}/{theirs.year}"
    assert (theirs.letter_number, theirs.dated) == (ours.letter_number, ours.dated)
    assert theirs.from_text == "จังหวัดแพร่"
    nan.wait(lambda: not nan.jobs("queued", "sending"))
    # Each mail was worked on in one transaction: an answer to it would be queued by now.
    assert [job.kind for job in nan.jobs()] == ["acknowledgement", "acknowledgement"]
    assert sorted(job.kind for job in phrae.jobs()) == ["letter", "notice"]
    assert phrae.letter_states() == ["sent", "acknowledgement", "acknowledgement"]
    assert nan.letter_states() == ["registered"]


def test_a_letter_sent_back_is_returned_in_our_book_with_the_reason(
    provinces: tuple[Installation, Installation],
):
    phrae, nan = provinces
    subject = "ขอส่งบัญชีรายชื่อ"
    letter = submitted(phrae, nan, subject)
    nan.run("letter", "return", letter, "--by", OFFICER, "--reason", "ไม่มีบัญชีแนบ")
    phrae.wait(lambda: delivery(phrae, subject, "returned"))
    notices = [job.facts for job in phrae.jobs() if job.facts.get("text") == "letter_returned"]
    assert [facts["reason"] for facts in notices] == ["ไม่มีบัญชีแนบ"]
    assert [one.subject for one in nan.entries("received", "nan") if one.subject == subject] == []
