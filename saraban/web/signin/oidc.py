"""Signing in through another house: the provider's word stands for the password (OpenID Connect).

The browser keeps one sealed cookie while it is away, so that only the browser that began a sign-in
ends it (state, nonce, PKCE). Only officers that are here come in; whoever set up a second factor
here is asked for it, and everybody where it is required.
"""

import json
import logging
from dataclasses import asdict
from secrets import compare_digest
from typing import Final
from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from registry.accounts import openid_accounts, sessions
from registry.errors import NotFound, OutOfOrder, SarabanError
from registry.sealing import seal, unseal
from saraban.web.openid import Attempt, NotVouchedFor, Provider
from saraban.web.signin.password import begin, begun, way_on, with_guest_cookie
from saraban.web.visit import Guest, Visit

log = logging.getLogger(__name__)
router = APIRouter()

_COOKIE: Final = "saraban-away"
_LIFE: Final = 600  # seconds to come back in
_BACK: Final = "/signin/oidc/back"
_NOBODY: Final = "ผู้ให้บริการยืนยันตัวตนแล้ว แต่ไม่มีบัญชีเจ้าหน้าที่ที่ตรงกัน หรือบัญชีถูกระงับ โปรดติดต่อผู้ดูแลระบบของหน่วยงาน"
_STALE: Final = "การเข้าระบบครั้งนี้หมดเวลาหรือเริ่มจากหน้าต่างอื่น โปรดกดเข้าระบบใหม่"
_REFUSED: Final = "ผู้ให้บริการยืนยันตัวตนไม่อนุญาต หรือท่านยกเลิก โปรดลองใหม่ หรือเข้าระบบด้วยรหัสผ่าน"


@router.get("/signin/oidc")
def leave(visit: Guest) -> Response:
    """Go to the provider."""
    attempt = Attempt.fresh(way_on(visit))
    try:
        where = _provider(visit).address(attempt, _back(visit))
    except NotVouchedFor as error:
        return _wrong(visit, error.thai, error)
    response = RedirectResponse(where, status_code=303)
    sealed = seal(visit.runtime.keys, "oidc", json.dumps(asdict(attempt)))
    response.set_cookie(
        _COOKIE, sealed, max_age=_LIFE, path=_BACK, httponly=True, samesite="lax",
        secure=visit.https,
    )  # fmt: skip
    return response


@router.get(_BACK)
def come_back(visit: Guest) -> Response:
    """Come back with a code, and begin a session for whomever the provider means."""
    asked = visit.request.query_params
    attempt = _attempt(visit)
    if attempt is None or not compare_digest(
        asked.get("state", "").encode(), attempt.state.encode()
    ):
        return _wrong(visit, _STALE)
    code = asked.get("code", "")
    if "error" in asked or not code:
        return _wrong(visit, _REFUSED)
    try:
        person = _provider(visit).person(attempt, _back(visit), code, asked.get("iss", ""))
    except NotVouchedFor as error:
        return _wrong(visit, error.thai, error)
    issuer, runtime = visit.runtime.oidc.issuer, visit.runtime
    with runtime.database.write() as session:
        officer = openid_accounts.officer_of_subject(
            session, issuer, person.subject, person.email, visit.now
        )
        more = sessions.needs(session, officer.id, visit.now) if officer else None
        if officer is None or more is None:
            return _wrong(visit, _NOBODY)
        half = more == "code" or runtime.web.second_factor == "required"
        token = begin(session, visit, officer, complete=not half)
    way = f"/signin/code?next={quote(attempt.way)}" if half else attempt.way
    return _forget(begun(visit, token, way))


def _provider(visit: Visit) -> Provider:
    """Give the provider of this process. Raises NotFound where none is set."""
    if not visit.runtime.oidc.issuer:
        raise NotFound("no OpenID provider is set")
    state = visit.request.app.state
    found: Provider | None = getattr(state, "openid", None)
    if found is None:
        found = state.openid = Provider(visit.runtime.oidc)
    return found


def _back(visit: Visit) -> str:
    return f"{visit.runtime.pages_url}{_BACK}"


def _attempt(visit: Visit) -> Attempt | None:
    """Read the cookie of the sign-in that is under way; None when it is none of ours."""
    try:
        text = unseal(visit.runtime.keys, "oidc", visit.request.cookies.get(_COOKIE, ""))
        return Attempt(**json.loads(text))
    except (OutOfOrder, ValueError, TypeError):
        return None


def _wrong(visit: Visit, why: str, error: SarabanError | None = None) -> Response:
    """Show the sign-in page with what to do; the reason itself is for the log."""
    if error is not None:
        log.warning("signing in through the provider failed: %s", error)
    response = with_guest_cookie(visit, "signin", status=403, email="", why=why, way="/")
    return _forget(response)


def _forget(response: Response) -> Response:
    response.delete_cookie(_COOKIE, path=_BACK)
    return response
