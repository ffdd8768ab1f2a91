"""``saraban read`` - have a letter's files read again; and what was read, as it is printed.

REF is the id of a letter or an entry, or รับ/2231/2568. The reading itself is done by the running
service, as for a letter that has just come in. What a person confirmed or refused stays.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

import click
from sqlalchemy.orm import Session

from gateway.service import Runtime
from registry import chain, letters, paper_claims, paper_fields
from registry.chain import Kin
from registry.clock import BANGKOK
from registry.errors import Conflict
from registry.letter.entry import Entry
from registry.letters import Letter
from registry.paper_fields import NAMES, KeptField, in_words
from registry.paper_words import more_of
from registry.texts import claims
from registry.thai.dates import short_date
from registry.thai.numerals import to_thai
from saraban.cli.common import entity_option, say, with_runtime
from saraban.cli.entries import doubt_of, place_in_books
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


def read_facts(read: Sequence[KeptField], detail: str = "") -> Iterator[tuple[str, str]]:
    """Give what was read off the paper, with how surely and where it stands.

    ``detail`` is what there is to say of the reading itself: fewer files than the letter lists.
    """
    for one in read:
        field = one.field
        where = f" หน้า {to_thai(str(field.place.page))}" if field.place else ""
        said = f"{NAMES.get(field.name, field.name)}: {in_words(field)}"
        sure = to_thai(f"({field.confidence}%{where})")
        more = f" – {more}" if (more := more_of(field)) else ""
        yield ("อ่านได้" if one is read[0] else "", f"{said} {sure}{more}{PAPER_STATES[one.state]}")
    yield ("ข้อสังเกต", detail)


def chain_facts(kin: Sequence[Kin]) -> Iterator[tuple[str, str]]:
    """Give the way of a matter: each letter with its number and day, and theirs where it went.

    What the machine only supposes says so, as it does among the letters that are linked.
    """
    for place, one in enumerate(kin, 1):
        whose = one.from_text if one.book == "received" else ""
        number = f"ที่ {to_thai(one.letter_number)}" if one.letter_number else ""
        secret = "(มีชั้นความลับ)" if one.secret else ""
        said = " ".join(filter(None, (place_in_books(one), secret, whose, number)))
        doubt = doubt_of(one.link) if one.link else ""
        yield (
            "ลำดับเรื่อง" if place == 1 else "",
            f"{to_thai(str(place))}. {said} · {_day(one.registered_at)}{doubt}",
        )
        for stop in one.stops:
            what = f"เลขรับ {to_thai(stop.number)}" if stop.number else stop.state.thai
            yield ("", f"   → {stop.name} {what} · {_day(stop.at)}")


def _day(at: datetime) -> str:
    return short_date(at.astimezone(BANGKOK).date())
