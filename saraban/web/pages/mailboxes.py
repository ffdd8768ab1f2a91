"""กล่องจดหมายที่ต้องดู: what was seen in the mailboxes of the office and waits for a person.

Letters in Junk, mail that left without a number, mail that cannot be fetched, a mailbox that is
full or silent (:mod:`registry.sightings`). An officer sees to it and closes it in their own name.
"""

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from registry import sightings
from registry.desk.sight import settle_sighting
from registry.errors import NotFound
from saraban.web.cookies import Done
from saraban.web.viewer import Act
from saraban.web.visit import RowId, Visitor

router = APIRouter()


@router.get("/mailboxes")
def seen(visit: Visitor) -> Response:
    """List what is open, oldest first."""
    visit.must(Act.MAILBOXES)
    with visit.read() as session:
        lines = sightings.listing(session, entity_id=visit.entity.id)
    return visit.page("mailboxes", lines=lines, words=DOES)


@router.post("/mailboxes/{sighting_id}/settle")
def settle(visit: Visitor, sighting_id: RowId) -> Response:
    """Close one that was seen to."""
    visit.must(Act.MAILBOXES)

    def work(session: Session) -> Done:
        if sightings.get(session, sighting_id).entity_id != visit.entity.id:
            raise NotFound(f"no sighting {sighting_id} of this entity")
        settle_sighting(session, visit.desk, sighting_id, by=visit.viewer.email)
        return Done("/mailboxes", "ปิดรายการแล้ว")

    return visit.act(work)


DOES = {
    sightings.Kind.UNREGISTERED: "ออกเลขและลงทะเบียนส่งให้ฉบับนี้ แล้วปิดรายการ",
    sightings.Kind.JUNK: "เปิดกล่องสแปม ย้ายฉบับนี้กลับกล่องจดหมายเข้า ระบบจะลงรับเอง",
    sightings.Kind.REFUSED: "อ่านเหตุผล แล้วแจ้งผู้ส่งให้ส่งใหม่หรือส่งทางอื่น",
    sightings.Kind.POISON: "แจ้งผู้ดูแลระบบ จดหมายยังอยู่ในกล่อง ปิดรายการแล้วระบบจะลองดึงใหม่",
    sightings.Kind.QUOTA: "ย้ายหรือลบจดหมายเก่าในกล่อง รายการจะหายไปเองเมื่อมีที่ว่าง",
    sightings.Kind.SILENCE: "ตรวจว่ากล่องเปิดได้และรหัสผ่านยังใช้ได้ รายการจะหายไปเองเมื่อมีจดหมายเข้า",
}
"""What an officer does about each kind."""
