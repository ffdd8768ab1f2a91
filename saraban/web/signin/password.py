"""Signing in with address and password, and signing out.

Two passwords are checked at a time, in threads, and of one network few wait for it
(:mod:`saraban.web.signin.turns`). An address that was guessed at has to wait
(:mod:`registry.accounts.guessing`); whether there is such an officer, and what was wrong, is not
said; that a term is over is told to whoever knows the password. A session always begins with a new
token.
"""

from dataclasses import dataclass
from datetime import timedelta
from secrets import token_urlsafe
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from registry.accounts import guessing, passwords, sessions
from registry.accounts.guessing import Place
from registry.letter.entity import Officer
from registry.thai.numerals import to_thai
from saraban.web import cookies
from saraban.web.cookies import Done
from saraban.web.signin import known
from saraban.web.signin.turns import Busy, turn
from saraban.web.visit import Guest, Visit, Visitor

router = APIRouter()

WRONG = "อีเมลหรือรหัสผ่านไม่ถูกต้อง โปรดตรวจแป้นพิมพ์ (ไทย/อังกฤษ) แล้วลองใหม่"
OVER = "ครบกำหนดใช้งานแล้ว หากยังต้องใช้งาน โปรดให้ผู้ดูแลระบบของหน่วยงานต่อกำหนด"
_REST = "ลองผิดหลายครั้ง จึงพักบัญชีนี้ไว้ชั่วคราว ลองใหม่ได้ในอีก {}"


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a try led to: a token, or why there is none."""

    token: str = ""
    why: str = ""
    half: bool = False


@router.get("/signin")
def show(visit: Guest) -> Response:
    """Show the form; who is signed in goes on."""
    way = way_on(visit)
    if visit.seen is not None:
        return RedirectResponse(way, status_code=303)
    return with_guest_cookie(visit, "signin", email="", why="", way=way)


@router.post("/signin")
async def sign_in(visit: Guest) -> Response:
    """Try to sign in."""
    way, email = way_on(visit), visit.form.raw("email")[:254]
    place = known.whence(visit, email)
    try:
        async with turn(visit.request, place):
            password = visit.form.raw("password")
            outcome = await run_in_threadpool(_try, visit, email, password, place)
    except Busy as error:
        return visit.page("signin", status=429, email=email, why=error.thai, way=way)
    if not outcome.token:
        return visit.page("signin", status=403, email=email, why=outcome.why, way=way)
    if outcome.half:
        return begun(visit, outcome.token, f"/signin/code?next={quote(way)}")
    response = begun(visit, outcome.token, way)
    known.remember(visit, email, response)
    return response


@router.post("/signout")
def sign_out(visit: Guest) -> Response:
    """End this session, complete or not."""
    if visit.sign_in is not None:
        with visit.runtime.database.write() as session:
            sessions.end(session, visit.sign_in, visit.now)
    response = visit.go(Done("/signin", "ออกจากระบบแล้ว"))
    response.delete_cookie(cookies.session_name(https=visit.https), path="/")
    return response


@router.post("/signout/everywhere")
def sign_out_everywhere(visit: Visitor) -> Response:
    """End all sessions of the officer but this one."""
    assert visit.sign_in is not None
    with visit.runtime.database.write() as session:
        ended = sessions.end_all(session, visit.viewer.officer.id, visit.now, but=visit.sign_in.id)
    said = f"ออกจากระบบที่เครื่องอื่นแล้ว {to_thai(str(ended))} เครื่อง"
    return visit.go(Done("/account", said if ended else "ไม่มีเครื่องอื่นที่เข้าระบบอยู่"))


def way_on(visit: Visit) -> str:
    """Give the page of ours to which a sign-in leads; never another site."""
    wanted = visit.form.raw("next") or visit.request.query_params.get("next", "")
    return wanted if cookies.is_ours(wanted) and not wanted.startswith("/sign") else "/"


def with_guest_cookie(visit: Visit, template: str, **facts: Any) -> Response:
    """Give a page with a form for somebody who has no session: a cookie binds the form."""
    fresh = not visit.cookie
    if fresh:
        visit.cookie = token_urlsafe(16)
    response = visit.page(template, **facts)
    if fresh:
        cookies.put(
            response, cookies.guest_name(https=visit.https), visit.cookie, https=visit.https
        )
    return response


def begun(visit: Visit, token: str, way: str) -> Response:
    """Go on with the session of this token; the form's cookie is not needed any more."""
    response = RedirectResponse(way, status_code=303)
    https = visit.https
    cookies.put(response, cookies.session_name(https=https), token, https=https)
    response.delete_cookie(cookies.guest_name(https=https), path="/")
    return response


def waiting_words(wait: timedelta) -> str:
    """Say in Thai how long to wait."""
    seconds = max(int(wait.total_seconds()) + 1, 1)
    if seconds > 90:
        return _REST.format(f"{to_thai(str(-(-seconds // 60)))} นาที")
    return _REST.format(f"{to_thai(str(seconds))} วินาที")


def begin(session: Session, visit: Visit, officer: Officer, *, complete: bool) -> str:
    """Begin a session for whoever has proven to be this officer, and give its token."""
    return sessions.begin(
        session, officer.id, at=visit.now, complete=complete,
        life=timedelta(hours=visit.runtime.web.session_hours),
        peer=visit.request.client.host if visit.request.client else "",
        agent=visit.request.headers.get("user-agent", ""),
    )  # fmt: skip


def _try(visit: Visit, email: str, password: str, place: Place) -> _Outcome:
    database = visit.runtime.database
    with database.read() as session:
        wait = guessing.closed_for(session, email, visit.now, place)
        officer, over = (
            (None, False) if wait else passwords.check_password(session, email, password, visit.now)
        )
        more = sessions.needs(session, officer.id, visit.now) if officer else None
    if wait:
        return _Outcome(why=waiting_words(wait))
    if over:
        return _Outcome(why=OVER)
    with database.write() as session:
        if officer is None or more is None:
            wait = guessing.failed(session, email, visit.now, place)
            return _Outcome(why=waiting_words(wait) if wait else WRONG)
        half = more == "code" or visit.runtime.web.second_factor == "required"
        if not half:
            guessing.succeeded(session, email, place)
        return _Outcome(begin(session, visit, officer, complete=not half), half=half)
