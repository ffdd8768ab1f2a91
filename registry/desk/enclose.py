"""Which file is the letter, which are enclosures (สิ่งที่ส่งมาด้วย), and which are too big to mail.

Parts in, parts out: every file of the mail becomes one enclosure row, pictures of the text
included; those are marked ``inline`` so that pages may show them smaller, never dropped. The QR
code that another installation put into its own mail has the role ``decoration``: it is kept and
proven like every part, and nobody is shown it among the enclosures.
The letter itself is the first document that is not named like an enclosure, and never one that
lies in a PDF; a mail without a document is itself the letter, and has none.

``split`` says that a part left the mail because its decoded size passes the limit. It is
a fact of the day of intake: changing the setting later changes no old entry. Between entities
hosted here nothing leaves the mail, and nothing is split.
"""

import re
from collections.abc import Sequence
from typing import Any, Literal

from sqlalchemy.orm import Session

from registry.batch import add, row_of
from registry.letter.message import Part, not_out_of_pdfs
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
    own = set(map(id, not_out_of_pdfs(parts)))
    documents = [
        index
        for index, part in enumerate(parts)
        if _is_document(part) and not part.inline and id(part) in own
    ]
    letter = min(documents, key=lambda index: (_rank(parts[index].name), index), default=None)
    return [
        "decoration" if part.decoration else "letter" if index == letter else "enclosure"
        for index, part in enumerate(parts)
    ]


def could_be_letter(name: str, names: Sequence[str]) -> int:
    """Count the documents that are as likely the letter itself as the one of this name."""
    return sum(_rank(one) <= _rank(name) for one in names)


def enclose(
    session: Session, letter_id: str, parts: Sequence[Part], *, split_over: int | None
) -> list[EnclosureRow]:
    """Write one row for every part of the mail.

    ``split_over`` is in decoded bytes, None where nothing leaves the mail.
    """
    rows = [
        _row(letter_id, part, role, split=split_over is not None and part.bytes > split_over)
        for part, role in zip(parts, roles(parts), strict=True)
    ]
    add(session, *rows)
    return rows


def file_facts(parts: Sequence[Part], *, large_over: int) -> dict[str, Any]:
    """Give what a letter knows of its files beside their rows, by digest.

    ``contents`` tells what a zip holds, in short Thai lines; ``taken_from`` the name of the file
    it lay in, "" for a text; ``large`` are those over the limit in decoded bytes, which have an
    address of their own whether or not they left the mail.
    """
    names = {part.position: part.name for part in parts}
    contents = {part.sha256: list(part.contents) for part in parts if part.contents}
    taken = {
        part.sha256: names.get(part.taken_from, "") for part in parts if part.taken_from is not None
    }
    large = [part.sha256 for part in parts if part.bytes > large_over]
    facts: dict[str, Any] = {"contents": contents, "taken_from": taken, "large": large}
    return {name: known for name, known in facts.items() if known}


def _is_document(part: Part) -> bool:
    return part.media_type in _DOCUMENTS


def _rank(name: str) -> int:
    """Order of likelihood: named like a letter, named like nothing, named like an enclosure."""
    plain = tidy(name)
    if _ENCLOSURE_NAME.search(plain):
        return 2
    return 0 if _LETTER_NAME.search(plain) or find(plain) else 1


def _row(letter_id: str, part: Part, role: Role, *, split: bool) -> EnclosureRow:
    return row_of(
        EnclosureRow,
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
