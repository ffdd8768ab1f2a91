"""บันทึกการปฏิบัติ and บันทึกการเปิดดู: who did what, and who only looked; filtered, page by page.

Lines hold ids and acts, never what a letter says. Every line of the page is checked as it is shown:
unchanged, and following the one before it. Whether the whole chain holds is said by the last proof.
"""

from typing import Any, Final

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from registry import letters, lines
from registry.acts import ACTS
from registry.errors import NotFound, NotUnderstood
from registry.lines import Asked
from registry.thai.dates import parse_date
from saraban.metrics.proved import read_proof
from saraban.web.viewer import Act
from saraban.web.visit import Visit, Visitor

router = APIRouter()

LOOKS: Final = {
    "page": "เปิดหน้า", "file": "เปิดไฟล์", "original": "เปิดต้นฉบับ", "print": "พิมพ์",
    "export": "ส่งออก", "search": "ค้นหา", "evidence": "พิมพ์หลักฐาน",
}  # fmt: skip


@router.get("/journal")
def journal(visit: Visitor) -> Response:
    """Show a page of the journal."""
    visit.must(Act.AUDIT)
    wrong: dict[str, str] = {}
    with visit.read() as session:
        asked = _asked(session, visit, wrong)
        found = [] if wrong else lines.journal_page(session, visit.entity.id, asked)
        acts = lines.acts_of(session, visit.entity.id)
    words = [("", "ทุกการปฏิบัติ"), *sorted(((a, ACTS.get(a, a)) for a in acts), key=lambda p: p[1])]
    return visit.page(
        "journal", found=found, words_of=ACTS, acts=words, wrong=wrong, more=_more(found),
        proved=read_proof(visit.runtime.data_dir), query=_query(visit),
    )  # fmt: skip


@router.get("/readings")
def readings(visit: Visitor) -> Response:
    """Show who looked at what."""
    visit.must(Act.AUDIT)
    wrong: dict[str, str] = {}
    with visit.read() as session:
        asked = _asked(session, visit, wrong)
        found = (
            []
            if wrong
            else lines.readings_page(session, visit.entity.id, asked, cleared=visit.viewer.cleared)
        )
    acts = [("", "ทุกอย่าง"), *LOOKS.items()]
    return visit.page("readings", found=found, words_of=LOOKS, acts=acts, wrong=wrong,
                      more=_more(found), query=_query(visit))  # fmt: skip


def _asked(session: Session, visit: Visit, wrong: dict[str, str]) -> Asked:
    """Read what is looked for from the address; ``wrong`` gets what is not understood."""
    given = _query(visit)
    days = {}
    for name in ("since", "until"):
        try:
            days[name] = parse_date(given[name]) if given[name] else None
        except NotUnderstood as error:
            wrong[name] = error.thai
    entry_id, letter_id = "", ""
    if given["ref"]:
        try:
            found = letters.resolve(session, given["ref"], visit.entity.code)
            letter_id, entry_id = found[0] or "", found[1] or ""
        except (NotFound, NotUnderstood):
            wrong["ref"] = "ไม่พบเลขนี้ พิมพ์เช่น รับ/๑๒/๒๕๖๙"
    before = given["before"]
    return Asked(
        given["who"], given["act"], entry_id, letter_id,
        before=int(before) if before.isdecimal() and len(before) < 10 else 0, **days,
    )  # fmt: skip


def _query(visit: Visit) -> dict[str, str]:
    asked = visit.request.query_params
    names = ("who", "act", "ref", "since", "until", "before")
    return {name: asked.get(name, "").strip()[:254] for name in names}


def _more(found: list[Any]) -> int:
    """Give where the next page begins; 0 when there is none."""
    if len(found) < lines.PAGE:
        return 0
    last = found[-1]
    return int(getattr(last, "position", 0) or last.id)
