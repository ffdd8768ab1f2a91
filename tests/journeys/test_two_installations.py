"""Two installations of this system write to each other, each behind the same plain Postfix."""

from collections.abc import Iterator

import pytest

from registry.desk.recalled import GIVEN_BACK, MARK
from registry.letter.delivery import Delivery
from registry.letter.entry import Entry
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


def recalled(phrae: Installation, nan: Installation, subject: str) -> Entry:
    """Send a letter, let Nan register it, ask it back; give Nan's entry, marked as asked for."""
    nan.run("letter", "accept", submitted(phrae, nan, subject), "--by", OFFICER)
    phrae.wait(lambda: delivery(phrae, subject, "registered"))
    ask_back(phrae, subject)
    marked: Entry = nan.wait(lambda: entry(nan, subject, MARK))
    return marked


def ask_back(phrae: Installation, subject: str) -> None:
    """Recall a letter that has left, as its clerk."""
    [ours] = [one for one in phrae.entries("sent") if one.subject == subject]
    phrae.run("letter", "recall", ours.id, "--by", CLERK, "--reason", "แนบผิดไฟล์")


def entry(nan: Installation, subject: str, note: str = "") -> Entry | None:
    """Give the line of a letter in Nan's book, if it stands there and bears this note."""
    for one in nan.entries("received", "nan"):
        if one.subject == subject and note in one.note:
            return one
    return None


def answers(phrae: Installation, subject: str) -> list[tuple[bool, str]]:
    """Give what the clerk was told of the answer to a recall: agreed or not, and why."""
    [ours] = [one for one in phrae.entries("sent") if one.subject == subject]
    told = [job for job in phrae.jobs() if job.facts.get("text") == "recall_answered"]
    return [(job.facts["agreed"], job.facts["reason"]) for job in told if job.entry_id == ours.id]


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


def test_a_recall_that_the_receiver_agrees_to_withdraws_the_delivery_and_both_books_say_so(
    provinces: tuple[Installation, Installation],
):
    phrae, nan = provinces
    subject = "ขอเรียกคืน ผู้รับคืนให้"
    theirs = recalled(phrae, nan, subject)
    assert delivery(phrae, subject, "registered")  # asked for, and not given back yet
    nan.run("letter", "agree-recall", theirs.id, "--by", OFFICER, "--reason", "ยังไม่ได้ดำเนินการ")
    withdrawn = phrae.wait(lambda: delivery(phrae, subject, "withdrawn"))
    assert withdrawn.remote_number == f"{theirs.number}/{theirs.year}"
    assert answers(phrae, subject) == [(True, "ยังไม่ได้ดำเนินการ")]
    given_back = entry(nan, subject)
    assert given_back is not None
    assert given_back.number == theirs.number
    assert GIVEN_BACK in given_back.action


def test_a_recall_that_the_receiver_declines_leaves_the_letter_there_with_the_reason(
    provinces: tuple[Installation, Installation],
):
    phrae, nan = provinces
    subject = "ขอเรียกคืน ผู้รับไม่คืน"
    theirs = recalled(phrae, nan, subject)
    nan.run("letter", "decline-recall", theirs.id, "--by", OFFICER, "--reason", "ดำเนินการแล้ว")
    phrae.wait(lambda: answers(phrae, subject))
    assert answers(phrae, subject) == [(False, "ดำเนินการแล้ว")]
    assert delivery(phrae, subject, "registered")
    kept = entry(nan, subject)
    assert kept is not None
    assert GIVEN_BACK not in kept.action


def test_a_letter_recalled_before_anybody_registered_it_comes_back_without_a_number(
    provinces: tuple[Installation, Installation],
):
    phrae, nan = provinces
    subject = "ขอเรียกคืน ยังไม่ลงรับ"
    submitted(phrae, nan, subject)
    ask_back(phrae, subject)
    withdrawn = phrae.wait(lambda: delivery(phrae, subject, "withdrawn"))
    assert withdrawn.remote_number == ""
    assert (nan.waiting("nan"), entry(nan, subject)) == ([], None)
