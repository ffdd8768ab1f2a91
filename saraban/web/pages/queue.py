"""คิวส่ง: mail that waits to leave, letters that were set aside, and pages of large files.

Three lists for an administrator, each for one entity. The spool belongs to the whole installation:
a mail is shown to the entity whose address it was sent to, and to an administrator of the only
entity there is. Subjects are not shown here, since an administrator keeps no letters.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from gateway.inbound.spool import Spooled
from gateway.inbound.tray import Tray
from gateway.wake import WORKER, ring
from registry import directory, journal, link_care, outbox, queue_acts
from registry.errors import NotFound
from saraban.web.cookies import Done
from saraban.web.evidence import JOBS
from saraban.web.viewer import Act
from saraban.web.visit import Visit, Visitor
from saraban.web.words import Tag

router = APIRouter()

TABS: Final = ("mail", "spool", "links")
KINDS: Final = {
    "letter": "หนังสือ", "copy": "สำเนาถึงหน่วยงานย่อย", "acknowledgement": "แจ้งเลขรับ",
    "delivered": "แจ้งว่าส่งถึง", "notice": "แจ้งเจ้าหน้าที่", "webhook": "แจ้งระบบอื่น",
}  # fmt: skip
_COLOURS: Final = {"failed": "red", "held": "amber"}
LINKS: Final = {"open": Tag("ใช้ได้", "green"), "expired": Tag("หมดอายุ"), "revoked": Tag("ยกเลิกแล้ว")}
_ACTS: Final[dict[str, tuple[Callable[..., None], str]]] = {
    "retry": (queue_acts.retry, "จะส่งทันที"),
    "hold": (queue_acts.hold, "พักไว้แล้ว"),
    "release": (queue_acts.release, "ปล่อยให้ส่งต่อแล้ว"),
    "drop": (queue_acts.drop, "เลิกส่งแล้ว"),
}


@router.get("/queue")
def listing(visit: Visitor) -> Response:
    """Show one of the lists."""
    visit.must(Act.AUDIT)
    return _page(visit)


@router.get("/queue/{job_id}")
def look(visit: Visitor, job_id: str) -> Response:
    """Show one job with its tries."""
    visit.must(Act.AUDIT)
    return _job(visit, job_id)


@router.post("/queue/spool/readmit")
def readmit(visit: Visitor) -> Response:
    """Let a letter that was set aside be tried again."""
    visit.must(Act.OPERATE)
    name, tray = visit.form.raw("name")[:200], Tray(visit.runtime.spool_dir)
    with visit.read() as session:
        if name not in {one.name for one in _aside(session, visit, tray)}:
            raise NotFound("no such letter is set aside", thai="ไม่มีอีเมลนี้ในที่พักแล้ว อาจนำเข้าไปแล้ว")

    def work(session: Session) -> Done:
        facts = {"spool": name}
        journal.record(
            session, visit.entity.id, "readmitted", visit.viewer.email, visit.now, facts=facts
        )
        return Done("/queue?show=spool", "จะนำเข้าทะเบียนอีกครั้ง")

    response = visit.act(work)
    tray.readmit(name)  # after it stands in the journal; asked twice, it is there already
    ring(visit.runtime.data_dir, WORKER)
    return response


@router.post("/queue/links/{link_id}/{act}")
def do_link(visit: Visitor, link_id: str, act: str) -> Response:
    """Close a page of large files, or let it live longer."""
    visit.must(Act.OPERATE)
    if act not in {"revoke", "extend"}:
        raise NotFound(f"no act {act}")

    def work(session: Session) -> Done:
        own, by = visit.entity.id, visit.viewer.email
        if act == "revoke":
            link_care.revoke(session, own, link_id, at=visit.now, by=by)
            return Done("/queue?show=links", "ยกเลิกลิงก์แล้ว ผู้รับเปิดไม่ได้อีก")
        life = timedelta(days=visit.runtime.gateway.links.life_days)
        link_care.extend(session, own, link_id, at=visit.now, life=life, by=by)
        return Done("/queue?show=links", "ต่ออายุลิงก์แล้ว ผู้รับใช้ลิงก์เดิมได้")

    return visit.act(work)


@router.post("/queue/{job_id}/{act}")
def do(visit: Visitor, job_id: str, act: str) -> Response:
    """Retry, hold, release or drop a job."""
    visit.must(Act.OPERATE)
    if act not in _ACTS:
        raise NotFound(f"no act {act}")
    more: dict[str, Any] = {}
    if act == "retry":
        more["give_up_after"] = visit.runtime.gateway.send.give_up_after
    if act == "drop":
        more["reason"] = visit.form.text("reason", need="โปรดเขียนเหตุผล เพราะจะเก็บไว้ถาวร", most=500)
        if visit.form.wrong:
            return _job(visit, job_id, 422)

    def work(session: Session) -> Done:
        do_it, said = _ACTS[act]
        do_it(session, visit.entity.id, job_id, by=visit.viewer.email, at=visit.now, **more)
        return Done("/queue", said)

    return visit.act(work)


def state(name: str) -> Tag:
    """Say how a job stands."""
    return Tag(JOBS[name], _COLOURS.get(name, ""))


def _page(visit: Visit) -> Response:
    asked = visit.request.query_params.get("show", "")
    operates = visit.viewer.may(Act.OPERATE)
    tab = asked if asked in TABS and operates else TABS[0]
    with visit.read() as session:
        counts, jobs = queue_acts.waiting(session, visit.entity.id)
        aside = _aside(session, visit, Tray(visit.runtime.spool_dir)) if operates else []
        before = visit.request.query_params.get("before", "")[:16]
        links = (
            link_care.listing(session, visit.entity.id, visit.now, before=before)
            if tab == "links"
            else []
        )
    return visit.page(
        "queue", tab=tab, counts_of=counts, jobs=jobs, aside=aside, links=links, kinds=KINDS,
        state=state, link_states=LINKS, most=link_care.MOST,
    )  # fmt: skip


def _job(visit: Visit, job_id: str, status: int = 200) -> Response:
    with visit.read() as session:
        job = queue_acts.job(session, visit.entity.id, job_id)
        tries = outbox.attempts(session, job_id)
    return visit.page("queue_job", status=status, job=job, tries=tries, kinds=KINDS, state=state,
                      form=visit.form)  # fmt: skip


def _aside(session: Session, visit: Visit, tray: Tray) -> list[Spooled]:
    """Give what was set aside and is this entity's to know of."""
    found = tray.list_aside()
    others = [one for one in directory.hosted(session) if one.id != visit.entity.id]
    if not others:
        return found
    domain = visit.entity.central_address
    return [one for one in found if _is_for(one, domain)]


def _is_for(one: Spooled, central: str) -> bool:
    local, _, domain = central.partition("@")
    for address in one.envelope.recipients:
        user, _, host = address.casefold().rpartition("@")
        if host == domain and user.partition("+")[0] == local:
            return True
    return False
