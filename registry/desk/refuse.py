"""What a clerk handed in and cannot be sent: kept, returned at once, and said so.

Nothing that was accepted is lost without a trace: the mail keeps its row, its files and its
original, in the state ส่งคืน with the reason. The clerk hears it unless a machine wrote the mail,
which must not be answered.
"""

from typing import Any

from sqlalchemy.orm import Session

from registry import journal
from registry.desk import draft
from registry.desk.again import find_earlier
from registry.desk.context import Desk
from registry.desk.outgoing import Outgoing
from registry.desk.tell import tell
from registry.letter.sorting import Kind, Outcome


def refuse(
    session: Session,
    desk: Desk,
    out: Outgoing,
    reason: str,
    *,
    text: str = "draft_returned",
    kind: Kind = Kind.DISPATCH,
    **facts: Any,
) -> Outcome:
    """Keep the mail as returned, with a Thai reason; ``text`` names the notice, "" for none."""
    journal.lock_head(session, out.entity.id)
    earlier, key = find_earlier(session, out)
    if earlier is not None:
        return Outcome(Kind.DUPLICATE, out.entity.code, earlier.id, None, earlier.state)
    letter = draft.write(session, desk, out, key=key)
    letter.state, letter.return_reason = "returned", reason
    session.flush()
    if text:
        tell(
            session, desk, out.entity.id, out.officer.email, text,
            letter_id=letter.id, reason=reason, **facts,
        )  # fmt: skip
    return Outcome(kind, out.entity.code, letter.id, None, letter.state)
