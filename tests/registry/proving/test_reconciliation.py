"""The day comes out even: every mail became something, nothing came from nowhere."""

from sqlalchemy import update

from registry.models.letters import IntakeRow, LetterRow
from tests.registry.day import proven


def test_a_letter_that_no_outcome_names_is_found(database, busy, blobs, clock):
    with database.write() as session:
        row = LetterRow(
            id="x" * 16, entity_id=busy.town, direction="in", state="waiting", spool_name="mail-1",
            accepted_at=clock.now(),
        )  # fmt: skip
        session.add(row)
    assert f"letter {'x' * 16} is none of its outcomes" in str(proven(database, blobs).problems)


def test_an_outcome_whose_letter_is_gone_is_found(database, busy, blobs):
    with database.write() as session:
        results = [["note", "phrae", "y" * 16, None, "note", None, None]]
        session.execute(update(IntakeRow).values(results=results))
    assert f"its letter {'y' * 16} is gone" in str(proven(database, blobs).problems)


def test_a_mail_that_became_no_letter_is_counted_by_what_it_was(database, busy, blobs):
    with database.write() as session:
        results = [["slip", "phrae", None, None, "", None, None]]
        session.execute(
            update(IntakeRow).where(IntakeRow.spool_name == "mail-4").values(results=results)
        )
        mine = LetterRow.spool_name == "mail-4"
        session.execute(update(LetterRow).where(mine).values(spool_name=None))
    [day] = proven(database, blobs).days
    assert day.became == {"registered": 4, "slip": 1}
