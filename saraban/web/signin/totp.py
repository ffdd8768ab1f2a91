"""The second step of a sign-in: a code from a telephone, or a recovery code; and setting it up.

The secret that is shown as a QR code travels in the form itself, sealed and bound to the officer,
until a right code shows that the telephone has it; nothing is kept before. A right code ends the
half session and begins a whole one under a new token.
"""

from urllib.parse import quote

import segno
from fastapi import APIRouter
from markupsafe import Markup
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from registry.accounts import guessing, second_factor, sessions
from registry.accounts.sessions import SignIn
from registry.errors import OutOfOrder
from registry.sealing import seal, unseal
from saraban.web.cookies import Done
from saraban.web.pages.account import account_page
from saraban.web.signin import known
from saraban.web.signin.password import begin, begun, waiting_words, way_on
from saraban.web.visit import Guest, SignInNeeded, Visit, Visitor

router = APIRouter()

_WRONG = "รหัสไม่ถูกต้องหรือใช้ไปแล้ว รอรหัสถัดไปในโทรศัพท์แล้วลองใหม่ และตรวจว่าเวลาของโทรศัพท์ตรง"


@router.get("/signin/code")
def ask(visit: Guest) -> Response:
    """Ask for the code."""
    sign_in = _half(visit)
    if not sign_in.has_second_factor:
        return RedirectResponse(f"/account/second-factor?next={quote(way_on(visit))}", 303)
    return visit.page("signin_code", why="", way=way_on(visit))


@router.post("/signin/code")
def check(visit: Guest) -> Response:
    """Look at the code, and begin the whole session if it is right."""
    sign_in, now = _half(visit), visit.now
    email, code = sign_in.officer.email, visit.form.raw("code")[:40]
    with visit.runtime.database.write() as session:
        why = _wrong_code(session, visit, sign_in, code)
        if not why:
            guessing.succeeded(session, email, known.whence(visit, email))
            sessions.end(session, sign_in, now)
            token = begin(session, visit, sign_in.officer, complete=True)
            response = begun(visit, token, way_on(visit))
            known.remember(visit, email, response)
            return response
    return visit.page("signin_code", status=403, why=why, way=way_on(visit))


@router.get("/account/second-factor")
def offer(visit: Guest) -> Response:
    """Show the QR code of a fresh secret."""
    sign_in = _known(visit)
    return _form(visit, sign_in, second_factor.new_secret(), "")


@router.post("/account/second-factor")
def confirm(visit: Guest) -> Response:
    """Take the secret into use if the code is right, and show the recovery codes once.

    Whoever has a second factor already shows a code of that one, too.
    """
    sign_in, keys = _known(visit), visit.runtime.keys
    try:
        secret = unseal(keys, f"enrol:{sign_in.officer.id}", visit.form.raw("secret"))
    except OutOfOrder:
        return RedirectResponse("/account/second-factor", status_code=303)
    with visit.runtime.database.write() as session:
        before = visit.form.raw("before")[:40]
        why = _wrong_code(session, visit, sign_in, before) if sign_in.has_second_factor else ""
        codes = (
            None
            if why
            else second_factor.enrol(
                session, keys, sign_in.officer.id, secret, visit.form.raw("code"), visit.now
            )
        )
        if codes:
            sessions.end_all(session, sign_in.officer.id, visit.now)
            token = begin(session, visit, sign_in.officer, complete=True)
    if not codes:
        return _form(visit, sign_in, secret, why or _WRONG)
    response = visit.page("recovery_codes", codes=codes, way=way_on(visit))
    response.raw_headers.extend(begun(visit, token, "/").raw_headers[1:])
    return response


@router.post("/account/second-factor/remove")
def remove(visit: Visitor) -> Response:
    """Take the second factor away, where it is not required, of whoever shows a code of it."""
    if visit.runtime.web.second_factor == "required":
        return RedirectResponse("/account/second-factor", status_code=303)
    sign_in = _known(visit)
    with visit.runtime.database.write() as session:
        why = _wrong_code(session, visit, sign_in, visit.form.raw("code")[:40])
        if not why:
            second_factor.remove(session, visit.viewer.officer.id, visit.viewer.email, visit.now)
    if why:
        visit.form.wrong["code"] = why
        return account_page(visit, 403)
    return visit.go(Done("/account", "เลิกใช้รหัสจากโทรศัพท์แล้ว"))


def _wrong_code(session: Session, visit: Visit, sign_in: SignIn, code: str) -> str:
    """Look at a code of the second factor; give what to say when it is not right, else ""."""
    email, now = sign_in.officer.email, visit.now
    wait = guessing.closed_for(session, email, now, guessing.CODE)
    if not wait and second_factor.check(session, visit.runtime.keys, sign_in.officer.id, code, now):
        guessing.succeeded(session, email, guessing.CODE)
        return ""
    wait = wait or guessing.failed(session, email, now, guessing.CODE)
    return waiting_words(wait) if wait else _WRONG


def _form(visit: Visit, sign_in: SignIn, secret: str, why: str) -> Response:
    keys, officer = visit.runtime.keys, sign_in.officer
    address = second_factor.address_of(secret, officer.email, f"saraban {sign_in.entity.code}")
    qr = segno.make(address, error="l").svg_inline(scale=5, border=3, omitsize=False)
    return visit.page(
        "second_factor", status=403 if why else 200, why=why, secret=secret,
        sealed=seal(keys, f"enrol:{officer.id}", secret),
        qr=Markup(qr),  # noqa: S704 - made here, of squares only
        way=way_on(visit), who=officer.email, again=sign_in.has_second_factor,
    )  # fmt: skip


def _half(visit: Visit) -> SignIn:
    """Give the session that waits for a code; who has none signs in first."""
    if visit.sign_in is None or visit.sign_in.complete:
        raise SignInNeeded
    return visit.sign_in


def _known(visit: Visit) -> SignIn:
    """Give the session of somebody who may set up a second factor now."""
    if visit.sign_in is None:
        raise SignInNeeded
    if not visit.sign_in.complete and visit.sign_in.has_second_factor:
        raise SignInNeeded("/signin/code")
    return visit.sign_in
