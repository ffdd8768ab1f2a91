"""What officers are told of the reading of files: what waits, what was cut, what is odd."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.models.search import FileTextRow


def told_of(session: Session, digests: Sequence[str]) -> dict[str, str]:
    """Give for each of these contents what there is to say of its reading, in Thai; few say any."""
    wanted = select(FileTextRow.sha256, FileTextRow.detail).where(
        FileTextRow.sha256.in_(digests), FileTextRow.detail != "", FileTextRow.state != "pending"
    )
    return {row.sha256: row.detail for row in session.execute(wanted)}
