"""Letters that concern units and persons in every way there is, for tests of who sees what."""

from sqlalchemy import select

from registry import directory
from registry.accounts import access, people
from registry.accounts.access import Reach
from registry.clock import FrozenClock
from registry.db import Database
from registry.letter.entity import Officer, Role
from registry.models.books import EntryRow
from registry.models.letters import LetterRow
from registry.models.work import MovementRow
from tests.registry.conftest import Office
from tests.registry.search.books import Shelf

FINANCE, PAYROLL, WORKS = "finance", "payroll", "works"
CLERK, BOSS = "somjai@phrae.example", "boss@phrae.example"


def stocked(database: Database, clock: FrozenClock, office: Office) -> Shelf:
    """Give the books of Phrae with units; payroll is below finance."""
    with database.write() as session:
        for code, above in ((FINANCE, ""), (PAYROLL, FINANCE), (WORKS, "")):
            people.add_unit(session, office.phrae, code=code, name=code, above=above)
    return Shelf(database, clock, office.phrae)


def reach(shelf: Shelf, unit: str = FINANCE, email: str = CLERK, role: Role = Role.CLERK) -> Reach:
    with shelf.database.read() as session:
        entity = directory.entity_by_id(session, shelf.entity)
        officer = Officer(1, email, entity.code, unit, "", role, disabled=False)
        return access.reach_of(session, entity, officer)


def step(shelf: Shelf, letter: str, **to: str) -> None:
    """Write a step of a letter's way, as ส่งต่อ and เสนอ do."""
    with shelf.database.write() as session:
        entry = session.scalars(select(EntryRow.id).where(EntryRow.letter_id == letter)).one()
        kind = "pass_on" if "to_unit" in to else "present"
        session.add(
            MovementRow(
                entity_id=shelf.entity, entry_id=entry, kind=kind, at=shelf.clock.now(),
                by="officer@phrae.example", **to,
            )
        )  # fmt: skip


def filled(shelf: Shelf, office: Office) -> dict[str, str]:
    """Register one letter for each way of concerning somebody, and some that concern others."""
    found = {
        "kept by the unit": shelf.register("งบ", unit_code=FINANCE),
        "kept by a unit below": shelf.register("งบ", unit_code=PAYROLL),
        "given": shelf.register("งบ"), "passed on": shelf.register("งบ"),
        "written": shelf.register("งบ"), "asked": shelf.register("งบ"),
        "registered": shelf.register("งบ"), "reserved": shelf.register("งบ"),
        "of works": shelf.register("งบ", unit_code=WORKS), "of nobody": shelf.register("งบ"),
        "of the town": shelf.register("งบ", entity_id=office.town, unit_code=FINANCE),
    }  # fmt: skip
    shelf.change(LetterRow, found["written"], clerk=CLERK)
    with shelf.database.write() as session:
        of = {name: EntryRow.letter_id == letter for name, letter in found.items()}
        for name, values in (
            ("given", {"given_to": f",{WORKS},{FINANCE},"}),
            ("registered", {"registered_by": CLERK}),
            ("reserved", {"reserved_for": CLERK}),
            ("of works", {"given_to": f",{WORKS},"}),
        ):  # fmt: skip
            line = session.scalars(select(EntryRow).where(of[name])).one()
            for column, value in values.items():
                setattr(line, column, value)
    step(shelf, found["passed on"], to_unit=FINANCE)
    step(shelf, found["asked"], to_address=CLERK)
    step(shelf, found["of works"], to_unit=WORKS)
    step(shelf, found["of nobody"], to_address=BOSS)
    return found


HIDDEN = {"of works", "of nobody", "of the town"}
