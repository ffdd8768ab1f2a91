"""Which file is the letter, which are enclosures (สิ่งที่ส่งมาด้วย), and which are too big to mail.

Parts in, parts out: every file of the mail becomes one enclosure row, pictures of the text
included; those are marked ``inline`` so that pages may show them smaller, never dropped. The QR
code that another installation put into its own mail has the role ``decoration``: it is kept and
proven like every part, and nobody is shown it among the enclosures.
The letter itself is the first document that is not named like an enclosure; a mail
without a document is itself the letter, and has none.

``split`` says that a part left the mail because its decoded size passes the limit. It is
a fact of the day of intake: changing the setting later changes no old entry.
"""

import re
from collections.abc import Sequence
from typing import Literal

from sqlalchemy.orm import Session

from registry.batch import add
from registry.letter.message import Part
from registry.letter.number import find
from registry.models.letters import EnclosureRow
from registry.thai.text import tidy

Role = Literal["letter", "enclosure", "decoration"]

_DOCUMENTS = (
    "application/pdf",
    "application/msword",
    "application/rtf",
    "text/rtf",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "image/tiff",
)
_ENCLOSURE_NAME = re.compile(
    r"สิ่งที่ส่งมาด้วย|เอกสารแนบ|แนบท้าย|ผนวก|แบบรายงาน|annex|attach|enclos", re.IGNORECASE
)
_LETTER_NAME = re.compile(r"หนังสือ|^ที่|letter|cover", re.IGNORECASE)


def roles(parts: Sequence[Part]) -> list[Role]:
    """Say for each part what it is to the letter; at most one is the letter itself."""
    documents = [
        index for index, part in enumerate(parts) if _is_document(part) and not part.inline
    ]
    letter = min(documents, key=lambda index: (_rank(parts[index].name), index), default=None)
    return [
        "decoration" if part.decoration else "letter" if index == letter else "enclosure"
        for index, part in enumerate(parts)
    ]


def enclose(
    session: Session, letter_id: str, parts: Sequence[Part], *, split_over: int
) -> list[EnclosureRow]:
    """Write one row for every part of the mail; ``split_over`` is in decoded bytes."""
    rows = [
        _row(letter_id, part, role, split=part.bytes > split_over)
        for part, role in zip(parts, roles(parts), strict=True)
    ]
    add(session, *rows)
    return rows


def _is_document(part: Part) -> bool:
    return part.media_type in _DOCUMENTS


def _rank(name: str) -> int:
    """Order of likelihood: named like a letter, named like nothing, named like an enclosure."""
    plain = tidy(name)
    if _ENCLOSURE_NAME.search(plain):
        return 2
    return 0 if _LETTER_NAME.search(plain) or find(plain) else 1


def _row(letter_id: str, part: Part, role: Role, *, split: bool) -> EnclosureRow:
    return EnclosureRow(
        letter_id=letter_id,
        position=part.position,
        role=role,
        name=part.name[:255],
        original_name=tidy(part.original_name),
        bytes=part.bytes,
        sha256=part.sha256,
        media_type=part.media_type[:150],
        claimed_type=part.claimed_type[:150],
        split=split,
        inline=part.inline,
    )
