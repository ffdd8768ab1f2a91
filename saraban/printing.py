"""Sending a draft with its number and date printed onto its PDF, for the page and the command.

Three steps, each of which may be the last before the power goes: the number is reserved, the copy
is made outside of any transaction, the letter is sent with it. Doing it again goes on from there.
What it would look like is the first step, rolled back, and a picture.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import NoReturn

from sqlalchemy.orm import Session

from registry import faults
from registry.blobs import BlobStore
from registry.desk import print_number
from registry.desk.context import Desk
from registry.desk.print_number import ToPrint
from registry.desk.printed import PrintedCopy
from registry.printing import Printer


class _Over(Exception):
    """Nothing of this is kept."""

    def __init__(self, found: ToPrint) -> None:
        super().__init__("nothing of this is kept")
        self.found = found


@dataclass(frozen=True, slots=True)
class Shown:
    """What would be printed, the first page with it as WebP, and whether the date is on it."""

    what: ToPrint
    picture: bytes
    dated: bool


@dataclass(frozen=True, slots=True)
class Printing:
    """Prints numbers on drafts; ``write`` opens a writing transaction of whoever does it."""

    write: Callable[[], AbstractContextManager[Session]]
    desk: Desk
    blobs: BlobStore
    printer: Printer

    def shown(self, letter_id: str, by: str, width: int) -> Shown:
        """Give what :meth:`copy` would print, and keep nothing of it; errors as there."""
        what = self._foreseen(letter_id, by)
        picture, dated = self.printer.picture(self.blobs, what.sha256, what.number, what.day, width)
        return Shown(what, picture, dated)

    def copy(self, letter_id: str, by: str) -> PrintedCopy:
        """Reserve the number of a draft and make the copy that bears it.

        A file that nothing can be printed on is found out before a number is taken. Errors as of
        :func:`registry.desk.print_number.reserve` and :meth:`registry.printing.Printer.keep`.
        """
        self.shown(letter_id, by, width=16)
        with self.write() as session:
            what = print_number.reserve(session, self.desk, letter_id, by)
        faults.point("number_reserved")
        made = self.printer.keep(self.blobs, what.sha256, what.number, what.day)
        faults.point("number_printed")
        return PrintedCopy(what.file_id, what.entry_id, made.sha256, made.bytes, made.dated)

    def _foreseen(self, letter_id: str, by: str) -> ToPrint:
        try:
            with self.write() as session:
                self._try(session, letter_id, by)
        except _Over as over:
            return over.found

    def _try(self, session: Session, letter_id: str, by: str) -> NoReturn:
        raise _Over(print_number.reserve(session, self.desk, letter_id, by))
