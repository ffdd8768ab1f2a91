"""``saraban read`` - have a letter's files read again; and what was read, as it is printed.

REF is the id of a letter or an entry, or รับ/2231/2568. The reading itself is done by the running
service, as for a letter that has just come in. What a person confirmed or refused stays.
"""

from collections.abc import Iterator, Sequence

import click
from sqlalchemy.orm import Session

from gateway.service import Runtime
from registry import chain, letters, paper_claims, paper_fields
from registry.chain import Kin
from registry.errors import Conflict
from registry.letter.book import Book
from registry.letter.entry import Entry
from registry.letters import Letter
from registry.paper_fields import NAMES, KeptField, in_words
from registry.texts import claims
from registry.thai.numerals import to_thai
from saraban.cli.common import entity_option, say, with_runtime
from saraban.cli.who import letter_of

PAPER_STATES = {
    "proposed": "", "taken": " – ใช้แล้ว", "confirmed": " – ยืนยันแล้ว", "refused": " – ไม่ใช่",
}  # fmt: skip


@click.command()
@click.argument("ref")
@entity_option
@with_runtime
def read(runtime: Runtime, ref: str, owner: str | None) -> None:
    """Have the files of a letter, and the fields on its paper, read again."""
    with runtime.database.write() as session:
        letter_id = letter_of(session, ref, owner)
        if letters.get_letter(session, letter_id).secrecy is not None:
            raise Conflict("a secret letter is not read", thai="ระบบไม่อ่านหนังสือที่มีชั้นความลับ")
        files = claims.read_again(session, letter_id)
        paper_claims.read_again(session, letter_id, runtime.clock.now())
    say(f"จะอ่านใหม่เมื่อบริการทำงาน: {to_thai(str(files))} ไฟล์")


def read_of(session: Session, letter: Letter | None) -> list[KeptField]:
    """Give what was read of a letter, nothing for one that bears a marking or was not opened."""
    if letter is None or letter.secrecy is not None or letter.unopened:
        return []
    return paper_fields.of(session, letter.id)


def chain_of(session: Session, entry: Entry | None, *, cleared: bool) -> list[Kin]:
    """Give the chain of an entry; nothing for a letter without a number."""
    return chain.chain(session, entry.id, cleared=cleared) if entry is not None else []


def read_facts(read: Sequence[KeptField]) -> Iterator[tuple[str, str]]:
    """Give what was read off the paper, with how surely and where it stands."""
    for one in read:
        field = one.field
        where = f" หน้า {to_thai(str(field.place.page))}" if field.place else ""
        state = PAPER_STATES[one.state]
        said, sure = to_thai(in_words(field)), to_thai(f"{field.confidence}%")
        yield (
            "อ่านได้" if one is read[0] else "",
            f"{NAMES.get(field.name, field.name)}: {said} ({sure}{where}){state}",
        )


def chain_facts(kin: Sequence[Kin]) -> Iterator[tuple[str, str]]:
    """Give the way of a matter: each letter with its number, and theirs where it went."""
    for place, one in enumerate(kin, 1):
        mark = f"{Book(one.book).thai} {one.number}/{one.year}"
        whose = f" {one.from_text} ที่ {one.letter_number}" if one.book == "received" else ""
        own = f" ที่ {one.letter_number}" if one.book == "sent" else ""
        stops = "".join(f" → {stop.name} เลขรับ {stop.number}" for stop in one.stops)
        yield ("ลำดับเรื่อง" if place == 1 else "", to_thai(f"{place}. {mark}{whose}{own}{stops}"))
