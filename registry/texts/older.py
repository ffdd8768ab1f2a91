"""Files that were read before their pages were kept, or while nobody could look at pictures.

They are found by going through ``file_text`` once in the life of a process, some hundred rows at a
time and only while nothing else is due; they are then read anew like others. Their text stays
searchable until they are.
"""

from typing import Final

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from registry.models.paper import FileLookRow, FilePageRow
from registry.models.search import FileTextRow
from registry.texts.extract import SCAN

_STEP: Final = 200


class Older:
    """How far one process has come in looking for them."""

    def __init__(self) -> None:
        self.done = False
        self._after = ""

    def step(self, session: Session, *, pictures: bool) -> int:
        """Have some of them read again; ``pictures``: those too that only eyes can read.

        Gives how many rows were looked at, or are to be read again if these were the last.
        """
        wanted = FileTextRow.kind.in_(("pdf", "picture") if pictures else ("pdf",))
        rows = session.execute(
            select(FileTextRow, FilePageRow, FileLookRow)
            .outerjoin(
                FilePageRow, and_(FilePageRow.sha256 == FileTextRow.sha256, FilePageRow.page == 1)
            )
            .outerjoin(FileLookRow, FileLookRow.sha256 == FileTextRow.sha256)
            .where(
                FileTextRow.sha256 > self._after, wanted, FileTextRow.state.in_(("done", "none")),
                or_(FilePageRow.page.is_(None), FileTextRow.state == "none"),
            )
            .order_by(FileTextRow.sha256)
            .limit(_STEP)
        ).all()  # fmt: skip
        unread = [one[0] for one in rows if _is_unread(*one, pictures=pictures)]
        for row in unread:
            row.state, row.at, row.tries = "pending", None, 0
        session.flush()
        self.done = len(rows) < _STEP
        if self.done:
            return len(unread)
        self._after = rows[-1][0].sha256
        return len(rows)


def _is_unread(
    row: FileTextRow, page: FilePageRow | None, look: FileLookRow | None, *, pictures: bool
) -> bool:
    return look is None and (page is None or (pictures and SCAN in row.detail))
