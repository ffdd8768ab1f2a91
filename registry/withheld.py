"""Files that do not go out until somebody says so: those that no virus scanner called clean.

A letter that was not scanned (the scanner was away, the letter too big for it) is registered like
any other; its files are in the store and in the proof. But they are neither mailed to units, nor
sent on, nor given out on pages, until the scanner has said *clean* or an officer has decided
(:mod:`registry.desk.clear`). One letter is withheld as a whole: it was scanned as a whole.

``LetterRow.scan`` is "" (no scanner), clean, not_scanned, infected (collected mail, which nobody
could refuse) or cleared.
"""

from typing import Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from registry.models.letters import EnclosureRow, LetterRow

_WHY: Final = {
    "not_scanned": "ไฟล์แนบยังไม่ผ่านการตรวจไวรัส รอเจ้าหน้าที่สารบรรณตรวจก่อน",
    "infected": "โปรแกรมตรวจไวรัสพบไวรัสในจดหมายฉบับนี้ ไฟล์แนบจึงถูกกักไว้",
}
WITHHELD: Final = tuple(_WHY)
"""The states of a scan in which files do not leave."""


def why_withheld(scan: str) -> str:
    """Give in Thai why the files of a letter in this state do not leave; "" if they may."""
    return _WHY.get(scan, "")


def holds_back(session: Session, letter: LetterRow) -> str:
    """Give in Thai why files of this letter do not leave; "" if they may, or if there are none."""
    if letter.scan not in WITHHELD:
        return ""
    has_file = session.scalar(
        select(EnclosureRow.id).where(EnclosureRow.letter_id == letter.id).limit(1)
    )
    return why_withheld(letter.scan) if has_file else ""


def with_files_withheld() -> Select[LetterRow]:
    """Ask for the letters whose files wait for somebody, the oldest first."""
    has_file = select(EnclosureRow.id).where(EnclosureRow.letter_id == LetterRow.id).exists()
    wanted = select(LetterRow).where(LetterRow.scan.in_(WITHHELD), has_file)
    return wanted.order_by(LetterRow.accepted_at, LetterRow.id)
