"""The claim of the journal: each entity's lines follow each other from the first to the head."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import journal
from registry.models.people import EntityRow
from registry.proving.problem import Problem

_THAI: Final = {
    "missing": "บรรทัดหายไป", "loose": "บรรทัดไม่ต่อกับบรรทัดก่อนหน้า", "changed": "บรรทัดถูกแก้นอกระบบ",
    "end": "ปลายบันทึกไม่ตรงกับที่จดไว้ อาจมีบรรทัดท้ายหายไป",
}  # fmt: skip


def prove_chains(session: Session) -> list[Problem]:
    """Find the lines that were changed, taken out or put in."""
    codes = {row.id: row.code for row in session.execute(select(EntityRow.id, EntityRow.code))}
    return [
        Problem(
            "journal", "journal", str(one), _THAI[one.how], codes.get(one.entity_id, ""),
            f"บันทึกการปฏิบัติ บรรทัดที่ {one.position}" if one.position else "บันทึกการปฏิบัติ",
        )
        for one in journal.breaks(session)
    ]  # fmt: skip
