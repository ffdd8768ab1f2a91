"""โปรแกรมที่เชื่อมต่อ: tokens of programs and the addresses that hear of events, for one entity.

Only an administrator comes here. A token or a signing secret is shown once, on the answer itself:
it never stands in a cookie, an address or a log. Letters with a marking are no program's through
this page: such a token is made on the machine (``saraban token add --scope secret``).
"""

from collections.abc import Container
from datetime import timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path
from sqlalchemy.orm import Session
from starlette.responses import Response

from registry import once, webhooks
from registry.accounts import api_tokens, officers
from registry.accounts.api_tokens import ApiToken, Scope
from registry.acts import ACTS
from registry.errors import Conflict, NotAllowed, NotUnderstood
from registry.letter.entity import Role
from saraban.web.cookies import Done
from saraban.web.viewer import Act
from saraban.web.visit import Visit, Visitor
from saraban.web.words import Tag

router = APIRouter()

Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
SCOPES: Final = {
    Scope.READ: "ค้นหาและอ่าน", Scope.WEBHOOKS: "ตั้งให้แจ้งเหตุการณ์", Scope.REGISTER: "ลงรับ",
    Scope.SEND: "ส่งหนังสือ", Scope.ACT: "เสนอ ส่งต่อ ปิดเรื่อง", Scope.SECRET: "หนังสือลับด้วย",
}  # fmt: skip
OFFERED: Final = tuple((str(one), word) for one, word in SCOPES.items() if one is not Scope.SECRET)
EVENTS: Final = ("registered", "sent", "acknowledged", "returned", "withdrawn", "void", "closed")
_MOST_DAYS: Final = 3650
_SHOWN: Final = "สร้างไปแล้วและแสดงไปแล้วหนึ่งครั้ง ถ้าไม่ได้เก็บไว้ ให้ยกเลิกแล้วสร้างใหม่"


@router.get("/tokens")
def listing(visit: Visitor) -> Response:
    """Show tokens and addresses."""
    visit.must(Act.OPERATE)
    return _page(visit)


@router.post("/tokens")
def make(visit: Visitor) -> Response:
    """Make a token and show it once."""
    visit.must(Act.OPERATE)
    form = visit.form
    name = form.text("name", need="โปรดพิมพ์ชื่อโปรแกรม", most=100)
    days = form.number("days") or 0
    if days > _MOST_DAYS:
        form.wrong["days"] = "ไม่เกินสิบปี (๓๖๕๐ วัน)"
    scopes = [one for one in form.all("scope") if one in dict(OFFERED)]
    if not scopes:
        form.wrong["scope"] = "โปรดเลือกสิทธิอย่างน้อยหนึ่งอย่าง"
    if form.wrong:
        return _page(visit, 422)
    try:
        with visit.write() as session:
            _once(session, visit)
            made, secret = api_tokens.issue(
                session, visit.entity, name, [Scope(one) for one in scopes],
                officer=form.text("officer", most=254), by=visit.viewer.email, at=visit.now,
                expires_at=visit.now + timedelta(days=days) if days else None,
            )  # fmt: skip
    except (NotAllowed, NotUnderstood) as error:
        form.wrong["officer"] = error.thai
        return _page(visit, 422)
    return _page(visit, shown=(made.name, secret))


@router.post("/tokens/{number}/revoke")
def revoke(visit: Visitor, number: Number) -> Response:
    """End a token at once."""
    visit.must(Act.OPERATE)

    def work(session: Session) -> Done:
        own, by = visit.entity.id, visit.viewer.email
        ended = api_tokens.revoke(session, number, own, by, visit.now)
        return Done("/tokens", f"ยกเลิกโทเค็นของ {ended.name} แล้ว โปรแกรมใช้ไม่ได้อีกตั้งแต่นี้")

    return visit.act(work)


@router.post("/tokens/hooks")
def subscribe(visit: Visitor) -> Response:
    """Let an address hear of events, and show the secret that signs once."""
    visit.must(Act.OPERATE)
    url = visit.form.text("url", need="โปรดพิมพ์ที่อยู่ https:// ของโปรแกรม", most=500)
    wanted = [one for one in visit.form.all("event") if one in EVENTS]
    if visit.form.wrong:
        return _page(visit, 422)
    try:
        with visit.write() as session:
            _once(session, visit)
            keys, own = visit.runtime.keys, visit.entity.id
            made, secret = webhooks.subscribe(
                session, keys, own, url, wanted, visit.viewer.email, visit.now
            )
    except NotUnderstood as error:
        visit.form.wrong["url"] = error.thai
        return _page(visit, 422)
    return _page(visit, shown=(made.url, secret))


@router.post("/tokens/hooks/{number}/end")
def end(visit: Visitor, number: Number) -> Response:
    """Tell an address no more."""
    visit.must(Act.OPERATE)

    def work(session: Session) -> Done:
        webhooks.end(session, number, visit.entity.id, visit.viewer.email, visit.now)
        return Done("/tokens#hooks", "เลิกแจ้งที่อยู่นี้แล้ว")

    return visit.act(work)


def _once(session: Session, visit: Visit) -> None:
    """See that a form sent twice makes one secret: the first was shown. Raises Conflict."""
    key = visit.form.once
    if key and once.claim(session, visit.viewer.whose, key, visit.now) is not None:
        raise Conflict("made already", thai=_SHOWN)
    if key:
        once.answer(session, visit.viewer.whose, key, 200, "")


def _state(visit: Visit, token: ApiToken, gone: Container[int]) -> Tag:
    """Say whether a token is good, and if not, why; ``gone`` are officers who act no more."""
    if token.revoked_at is not None:
        return Tag("ยกเลิกแล้ว")
    if token.expires_at is not None and token.expires_at <= visit.now:
        return Tag("หมดอายุ", "amber")
    if token.officer is not None and token.officer.id in gone:
        return Tag("เจ้าหน้าที่พ้นหน้าที่", "amber")
    return Tag("ใช้ได้", "green")


def _page(visit: Visit, status: int = 200, shown: tuple[str, str] | None = None) -> Response:
    own = visit.entity.id
    with visit.read() as session:
        accounts = officers.accounts(session, own, visit.now)
        tokens = reversed(api_tokens.listing(session, own))
        hooks = list(reversed(webhooks.listing(session, own)))
    gone = {one.officer.id for one in accounts if one.over or one.officer.disabled}
    facts: dict[str, Any] = {
        "tokens": [(one, _state(visit, one, gone)) for one in tokens],
        "hooks": hooks,
        "officers": [
            one.officer
            for one in accounts
            if one.officer.id not in gone and one.officer.role not in (Role.ADMIN, Role.AUDITOR)
        ],
    }
    return visit.page(
        "tokens", status=status, form=visit.form, shown=shown, scopes=SCOPES, offered=OFFERED,
        events=EVENTS, acts=ACTS, **facts,
    )  # fmt: skip
