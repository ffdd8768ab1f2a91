"""My account (บัญชีของฉัน): sessions, password, second factor, standing in, how I like to read."""

from datetime import timedelta

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from registry.accounts import guessing, passwords, sessions
from registry.errors import NotAllowed, NotUnderstood
from saraban.web import cookies
from saraban.web.cookies import Done
from saraban.web.visit import Guest, Visit, Visitor

router = APIRouter()

_WRONG = "รหัสผ่านเดิมไม่ถูกต้อง"


@router.get("/account")
def account(visit: Visitor) -> Response:
    """Show the account."""
    return account_page(visit)


@router.post("/account/password")
async def change_password(visit: Visitor) -> Response:
    """Change the password, of whoever knows the old one; other sessions end."""
    async with visit.request.app.state.hashing:
        return await run_in_threadpool(_change, visit)


@router.post("/account/stand-in")
def stand_in(visit: Visitor) -> Response:
    """Choose in whose place to act; empty for one's own."""
    assert visit.sign_in is not None
    wanted = visit.form.raw("for")
    principals = {str(one.id): one for one in visit.viewer.principals}
    if wanted and wanted not in principals:
        raise NotAllowed("no deputy of this officer", thai="ท่านไม่ได้รับมอบให้ปฏิบัติแทนผู้นี้ในวันนี้")
    with visit.runtime.database.write() as session:
        sessions.stand_in(session, visit.sign_in, int(wanted) if wanted else None)
    who = principals[wanted] if wanted else None
    said = f"ปฏิบัติแทน {who.name or who.email}" if who else "ปฏิบัติในนามตนเอง"
    return visit.go(Done("/", said))


@router.post("/prefs")
def prefer(visit: Guest) -> Response:
    """Keep how a person likes to read, and go back to where they were."""
    response = visit.go(Done(visit.form.raw("back") or "/"))
    for name, allowed in (("theme", cookies.THEMES), ("digits", cookies.DIGITS)):
        if chosen := visit.form.choice(name, allowed):
            cookies.prefer(response, name, chosen, https=visit.https)
    return response


def account_page(visit: Visit, status: int = 200) -> Response:
    """Show the account, with what is wrong in its forms."""
    idle = timedelta(minutes=visit.runtime.web.idle_minutes)
    with visit.read() as session:
        found = sessions.open_of(session, visit.viewer.officer.id, at=visit.now, idle=idle)
    return visit.page("account", status=status, sessions=found, form=visit.form)


def _change(visit: Visit) -> Response:
    form = visit.form
    new = form.raw("new")
    if new != form.raw("again"):
        form.wrong["again"] = "รหัสผ่านใหม่สองช่องไม่ตรงกัน"
    if why := _wrong_password(visit, form.raw("old")):
        form.wrong["old"] = why
    if not form.wrong:
        try:
            return visit.act(lambda session: _set(visit, session, new))
        except NotUnderstood as error:
            form.wrong["new"] = error.thai
    return account_page(visit, 422)


def _wrong_password(visit: Visit, old: str) -> str:
    """Say what is wrong with the old password; whoever guesses at it waits."""
    email = visit.viewer.email
    with visit.runtime.database.read() as session:
        wait = guessing.closed_for(session, email, visit.now, guessing.OLD)
        right = not wait and passwords.verify_password(session, email, old) is not None
    if right:
        return ""
    with visit.runtime.database.write() as session:
        wait = wait or guessing.failed(session, email, visit.now, guessing.OLD)
    return f"ลองผิดหลายครั้ง ลองใหม่ได้ในอีก {-(-wait.seconds // 60)} นาที" if wait else _WRONG


def _set(visit: Visit, session: Session, new: str) -> Done:
    assert visit.sign_in is not None
    passwords.set_password(session, visit.viewer.email, new, at=visit.now, by=visit.viewer.email)
    sessions.end_all(session, visit.viewer.officer.id, visit.now, but=visit.sign_in.id)
    return Done("/account", "เปลี่ยนรหัสผ่านแล้ว เครื่องอื่นต้องเข้าระบบใหม่")
