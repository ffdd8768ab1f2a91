"""A letter that two entities hosted here have: found secret by one it is hidden for both."""

from functools import partial

import pytest

from registry import directory, outbox
from registry.blobs import BlobStore
from registry.desk import found_secret, free_secret, move_secret, unseal
from registry.dossier import dossier
from registry.letter.entity import Role
from registry.letter.grades import Secrecy
from registry.letter.message import Listener, Means, Trust
from registry.models.books import EntryRow
from registry.models.evidence import JournalRow
from registry.models.letters import RelationRow
from registry.secret.keeping import Keeping
from registry.secret.keys import FileKeys
from tests.registry.desk.conftest import (
    OFFICER,
    PHRAE,
    SECRET_OFFICER,
    TOWN,
    House,
    Mails,
    pdf,
    sha,
)
from tests.registry.desk.secret_house import GRADE, proven

TOWN_SECRET, TOWN_OFFICER = "sealed@town.example", "officer@town.example"
HOSTED = Trust(Means.HOSTED, domain="phrae.example")


@pytest.fixture
def house(house: House) -> House:
    """The same office; the town has its own people."""
    with house.database.write() as session:
        for email, role in ((TOWN_SECRET, Role.SECRET_OFFICER), (TOWN_OFFICER, Role.OFFICER)):
            directory.add_officer(
                session, house.town.id, email=email, role=role, at=house.clock.now()
            )
    return house


@pytest.fixture
def brought(house: House, mail: Mails):
    """Bring a letter of the province to the town through our own spool; give both letters."""

    def bring(**fields):
        sent = house.sent([TOWN])
        outcome = house.one(
            mail(
                **{
                    "sender": PHRAE, "recipients": (TOWN,), "listener": Listener.LOCAL,
                    "trust": HOSTED, "message_id": sent.message_id, **fields,
                }
            )
        )  # fmt: skip
        return sent.letter_id, outcome.letter_id

    return bring


def entry_of(house: House, letter_id: str):
    (row,) = house.rows(EntryRow, letter_id=letter_id)
    return house.entry(row.id)


def acts(house: House, letter_id: str) -> list[str]:
    return [one.act for one in house.rows(JournalRow, letter_id=letter_id)]


def hide(house: House, letter_id: str, by: str) -> None:
    with house.database.write() as session:
        found_secret.hide(session, house.desk, letter_id, by, GRADE)


@pytest.mark.parametrize("finder", ["sender", "receiver"])
def test_what_one_side_hides_is_hidden_for_the_other_at_once(house, brought, finder):
    letters = brought()
    mine = letters[0] if finder == "sender" else letters[1]
    hide(house, mine, OFFICER if finder == "sender" else TOWN_OFFICER)
    for letter_id in letters:
        assert house.letter(letter_id).secrecy == "ลับ"
        assert entry_of(house, letter_id).secrecy == "ลับ"
        assert "found-secret" in acts(house, letter_id)
    assert {one.state for one in house.jobs(outbox.Kind.COPY)} <= {"withdrawn"}
    assert proven(house) == []


def test_the_other_sides_officer_of_secret_letters_is_told_and_both_histories_say_why(
    house, brought
):
    sent, received = brought()
    hide(house, sent, OFFICER)
    assert house.told("alert") == [TOWN_SECRET]
    assert "hidden-elsewhere" in acts(house, sent)
    for mine, other in ((received, house.phrae), (sent, house.town)):
        with house.database.read() as session:
            found = dossier(session, entry_of(house, mine).id, mine, cleared=True)
        (note,) = found.notes
        assert (note.by, other.name in note.text) == ("ระบบ", True)


def test_freed_on_one_side_it_stays_hidden_on_the_other_until_that_decides(house, brought):
    sent, received = brought()
    hide(house, sent, OFFICER)
    with house.database.write() as session:
        free_secret.free(session, house.desk, sent, SECRET_OFFICER, "ไม่ใช่ตรา")
    assert house.letter(received).secrecy == "ลับ"
    with house.database.write() as session:
        free_secret.free(session, house.desk, received, TOWN_SECRET, "ไม่ใช่ตรา")
    assert house.letter(received).secrecy is None
    assert house.letter(sent).secrecy is None


def test_what_the_other_side_freed_is_not_hidden_again(house, brought):
    sent, received = brought()
    hide(house, sent, OFFICER)
    with house.database.write() as session:
        free_secret.free(session, house.desk, received, TOWN_SECRET, "ไม่ใช่ตรา")
    with house.database.write() as session:
        move_secret.move(session, house.desk, sent, SECRET_OFFICER, GRADE, "ตรา")
    assert house.letter(received).secrecy is None


def test_a_letter_moved_to_the_secret_book_is_hidden_for_the_other(house, brought):
    sent, received = brought()
    with house.database.write() as session:
        move_secret.move(session, house.desk, received, TOWN_SECRET, GRADE, "ตรา")
    assert house.letter(sent).secrecy == "ลับ"
    assert entry_of(house, sent).series == "ordinary"
    assert proven(house) == []


def test_a_waiting_letter_that_an_officer_marks_is_hidden_for_its_sender(house, brought):
    house.settle(receive="by_officer")
    sent, received = brought()
    assert house.letter(received).state == "waiting"
    with house.database.write() as session:
        unseal.mark(session, house.desk, received, TOWN_OFFICER, Secrecy.SECRET)
    assert house.letter(sent).secrecy == "ลับมาก"


def test_what_is_hidden_while_it_is_brought_comes_in_as_secret(house, mail):
    """The mail lies in the spool when its sender's officer hides the letter."""
    sent = house.sent([TOWN])
    hide(house, sent.letter_id, OFFICER)
    outcome = house.one(
        mail(
            sender=PHRAE, recipients=(TOWN,), listener=Listener.LOCAL, trust=HOSTED,
            message_id=sent.message_id,
        )
    )  # fmt: skip
    row = house.letter(outcome.letter_id)
    assert (row.state, row.secrecy, outcome.entry_id) == ("secret", "ลับ", None)
    assert row.why_waiting.startswith("ผู้ส่งซ่อน")


def test_what_bore_a_marking_when_it_came_in_is_hidden_for_its_sender_a_moment_later(
    house, brought, tmp_path
):
    sent, received = brought(on_paper="ลับที่สุด")
    assert (house.letter(received).state, house.letter(sent).secrecy) == ("secret", None)
    store = BlobStore(tmp_path / "blobs", FileKeys(tmp_path / "keys"))
    spread = partial(found_secret.spread, desk=house.desk)
    Keeping(house.database, store, house.clock, tmp_path, spread).turn()
    assert house.letter(sent).secrecy == "ลับที่สุด"


def test_one_mail_to_two_entities_is_hidden_for_both(house, mail):
    first, second = house.take(mail(recipients=(PHRAE, TOWN)))
    hide(house, first.letter_id, OFFICER)
    assert house.letter(second.letter_id).secrecy == "ลับ"


def test_a_stranger_with_the_same_message_id_hides_nothing(house, mail):
    sent = house.sent([TOWN])
    other = house.one(mail(recipients=(TOWN,), message_id=sent.message_id))
    hide(house, other.letter_id, TOWN_OFFICER)
    assert house.letter(sent.letter_id).secrecy is None


@pytest.mark.parametrize(("content", "hidden"), [("ลงนาม", "ลับ"), ("อื่น", None)])
def test_what_passes_the_paper_on_is_hidden_with_it_and_what_carries_it_not_is_not(
    house, mail, content, hidden
):
    first = house.one(mail(parts=[pdf()]))
    other = house.one(mail(parts=[pdf(content=content)]))
    with house.database.write() as session:
        session.add(
            RelationRow(
                from_entry_id=other.entry_id, to_entry_id=first.entry_id, relation="passes_on",
                how="cited", at=house.clock.now(),
            )
        )  # fmt: skip
    hide(house, first.letter_id, OFFICER)
    assert house.letter(other.letter_id).secrecy == hidden


def test_found_by_the_reader_on_a_paper_it_is_hidden_where_the_paper_is_not(house, brought, mail):
    """The line of the province has no file of this content; it is known by the mail alone."""
    sent, received = brought(parts=[pdf()])
    with house.database.write() as session:
        found = found_secret.found_on_paper(session, house.desk, sha("ลงนาม"), GRADE)
    assert set(found) == {sent, received}


def doubt(house: House, *, doubted: bool = True) -> list[str]:
    with house.database.write() as session:
        return found_secret.found_on_paper(
            session, house.desk, sha("ลงนาม"), GRADE, doubted=doubted
        )


def test_what_is_only_doubted_on_a_paper_hides_no_letter_without_that_paper(
    house, brought, tmp_path
):
    sent, received = brought(parts=[pdf()])
    assert doubt(house) == [received]
    store = BlobStore(tmp_path / "blobs", FileKeys(tmp_path / "keys"))
    spread = partial(found_secret.spread, desk=house.desk)
    Keeping(house.database, store, house.clock, tmp_path, spread).turn()
    assert (house.letter(received).secrecy, house.letter(sent).secrecy) == ("ลับ", None)


@pytest.mark.parametrize("how", ["seen", "hidden", "moved"])
def test_a_doubt_that_is_confirmed_hides_the_letter_elsewhere_too(house, brought, how):
    sent, received = brought(parts=[pdf()])
    doubt(house)
    if how == "seen":
        doubt(house, doubted=False)
    elif how == "hidden":
        hide(house, received, TOWN_OFFICER)
    else:
        with house.database.write() as session:
            move_secret.move(session, house.desk, received, TOWN_SECRET, GRADE, "ตรา")
    assert house.letter(sent).secrecy == "ลับ"


def test_a_doubted_letter_is_freed_as_any_other(house, brought):
    _, received = brought(parts=[pdf()])
    doubt(house)
    with house.database.write() as session:
        free_secret.free(session, house.desk, received, TOWN_SECRET, "ไม่ใช่ตรา")
    assert house.letter(received).secrecy is None
    assert doubt(house) == []
