"""One request of one person: who they are, what they sent, and the ways to answer.

A page's handler takes a :data:`Visitor` (signed in) or a :data:`Guest` (anybody)::

    @router.get("/inbox")
    def inbox(visit: Visitor) -> Response:
        visit.must(Act.READ)
        with visit.read() as session:
            lines = awaiting.failed(session, visit.entity.id)
        return visit.page("inbox", lines=lines)

    @router.post("/inbox/{letter_id}/register")
    def register(visit: Visitor, letter_id: str) -> Response:
        return visit.act(lambda session: ...)  # gives a Done; sent twice it is done once

Handlers are plain functions: they run in a thread. A form's token is looked at before the handler.
"""

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import Annotated, Any, Final

from fastapi import Depends, Path
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from registry import once, progress
from registry.accounts import access, deputies, sessions
from registry.accounts.access import Reach
from registry.accounts.sessions import SEEN_EVERY, SignIn
from registry.errors import Conflict, NotAllowed
from registry.letter.entity import LegalEntity
from saraban.asking import Asking
from saraban.runtime import OfficeRuntime
from saraban.web import cookies, csrf, render
from saraban.web.cookies import Done
from saraban.web.forms import Form, version_of
from saraban.web.taking import let_go, take
from saraban.web.viewer import Act, Viewer

RowId = Annotated[int, Path(ge=1, le=2**31 - 1)]
"""A row's number in an address; another is no such page."""
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_USED: Final = "แบบฟอร์มนี้ใช้ทำรายการอื่นไปแล้ว โปรดเปิดหน้านี้ใหม่ แล้วทำรายการอีกครั้ง"


class SignInNeeded(Exception):
    """Nobody is signed in, or not completely; ``where`` is the page that mends it."""

    def __init__(self, where: str = "/signin") -> None:
        super().__init__("nobody is signed in")
        self.where = where


class NotOurForm(NotAllowed):
    """A form came without its token: it was open for too long, or is not one of ours."""

    thai = "หน้านี้เปิดทิ้งไว้นานเกินไป จึงยังไม่ได้บันทึก โปรดย้อนกลับ เปิดหน้าใหม่ แล้วทำรายการอีกครั้ง"


@dataclass
class Visit(Asking):
    """One request, and all that answers it; ``news`` is how far the books were before it."""

    request: Request
    runtime: OfficeRuntime
    form: Form
    sign_in: SignIn | None
    seen: Viewer | None
    cookie: str
    news: str = ""

    @property
    def viewer(self) -> Viewer:
        """Who looks; raise SignInNeeded for a guest."""
        if self.seen is None:
            raise SignInNeeded
        return self.seen

    @property
    def entity(self) -> LegalEntity:
        """The entity for which they work."""
        return self.viewer.entity

    @cached_property
    def now(self) -> datetime:
        """When the request came."""
        return self.runtime.clock.now()

    @property
    def https(self) -> bool:
        """Whether officers reach the pages by HTTPS."""
        return self.runtime.pages_url.startswith("https:")

    @property
    def wants_part(self) -> bool:
        """Whether a piece of a page is asked for, to be laid into the sheet."""
        return self.request.headers.get("hx-target") == "sheet"

    def must(self, act: Act) -> None:
        """Raise NotAllowed unless they may do this."""
        self.viewer.must(act)

    def sees(self) -> Reach | None:
        """Give what they may see; None for a guest."""
        return self.seen.reach if self.seen else None

    def signs(self, session: Session) -> None:
        """Let acts be done in another's place, if they chose so."""
        if self.seen is not None and self.seen.principal is not None:
            deputies.stand_in(session, self.seen.officer, self.seen.principal)

    def looks_as(self) -> tuple[int, str]:
        """Give the entity (id) and the officer who looks."""
        return self.entity.id, self.viewer.email

    def act(self, work: Callable[[Session], Done]) -> Response:
        """Do what a form asks for, and go on to the page that shows it; never twice."""
        whose, key = self.viewer.whose, self.form.once
        with self.write() as session:
            before = self._done_before(session, whose, key) if key else None
            done = Done(**json.loads(before.response)) if before else work(session)
            if key and not before:
                once.answer(session, whose, key, 303, json.dumps(asdict(done)))
        return self.go(done)

    def _done_before(self, session: Session, whose: str, key: str) -> once.Answered | None:
        asked = version_of(self.request.url.path, self.form.digest)
        try:
            return once.claim(session, whose, key, self.now, asked)
        except Conflict as error:
            raise Conflict(str(error), thai=_USED) from error

    def page(self, template: str, *, status: int = 200, **facts: Any) -> Response:
        """Give a page, whole or the piece that was asked for."""
        return render.page(self, template, status, facts)

    def go(self, done: Done) -> Response:
        """Go on to a page of ours after something was done, and say there what it was."""
        path = done.path if cookies.is_ours(done.path) else "/"
        response = RedirectResponse(path, status_code=303)
        if done.said:
            cookies.tell(response, done, https=self.https)
        return response

    def form_token(self) -> str:
        """Give the token that a form of this page carries."""
        return csrf.token_for(self.runtime.keys, self.cookie)


async def guest(request: Request) -> AsyncIterator[Visit]:
    """Make the visit of anybody, signed in or not, and close the files of its form behind it.

    Raises NotOurForm.
    """
    visit = await visit_of(request)
    try:
        yield visit
    finally:
        await let_go(visit.form)


async def visit_of(request: Request) -> Visit:
    """Read a request as :func:`guest` does; files of its form stay open until they are let go."""
    runtime: OfficeRuntime = request.app.state.runtime
    https = runtime.pages_url.startswith("https:")
    token = request.cookies.get(cookies.session_name(https=https), "")
    found = await run_in_threadpool(_whose, runtime, token) if token else (None, None, "")
    cookie = token if found[0] else request.cookies.get(cookies.guest_name(https=https), "")
    is_ours = partial(csrf.is_token_of, runtime.keys, cookie)
    form = await take(request, runtime, known=found[1] is not None, is_ours=is_ours)
    if form is None:
        raise NotOurForm("files without a session, or a form without its token")
    if request.method not in _SAFE:
        given = form.raw("_token") or request.headers.get("x-form-token", "")
        if not is_ours(given):
            raise NotOurForm("a form without its token")
    return Visit(request, runtime, form, found[0], found[1], cookie, found[2])


async def visitor(visit: Annotated[Visit, Depends(guest)]) -> Visit:
    """Make the visit of somebody who is signed in. Raises SignInNeeded."""
    if visit.sign_in is None:
        raise SignInNeeded
    if not visit.sign_in.complete:
        has = visit.sign_in.has_second_factor
        raise SignInNeeded("/signin/code" if has else "/account/second-factor")
    return visit


Guest = Annotated[Visit, Depends(guest)]
Visitor = Annotated[Visit, Depends(visitor)]


def still_signed_in(visit: Visit) -> bool:
    """Say whether the session of a long visit is good now; blocking, and no use of it."""
    idle = timedelta(minutes=visit.runtime.web.idle_minutes)
    with visit.runtime.database.read() as session:
        now = visit.runtime.clock.now()
        return sessions.find(session, visit.cookie, at=now, idle=idle) is not None


def _whose(runtime: OfficeRuntime, token: str) -> tuple[SignIn | None, Viewer | None, str]:
    """Find the session of a token, who it is, and how far the books are that they look at.

    Write down now and then that it is used.
    """
    now, idle = runtime.clock.now(), timedelta(minutes=runtime.web.idle_minutes)
    with runtime.database.read() as session:
        found = sessions.find(session, token, at=now, idle=idle)
        if found is None:
            return None, None, ""
        news = progress.mark(session, found.entity.id)
        principals = deputies.principals(session, found.officer.id, now)
        chosen = next((one for one in principals if one.id == found.acting_for_id), None)
        reach = access.reach_of(session, found.entity, found.officer, chosen)
    if now - found.seen_at > SEEN_EVERY:
        with runtime.database.write() as session:
            sessions.seen(session, found, now)
    viewer = Viewer(found.officer, found.entity, reach, chosen, principals)
    return found, viewer if found.complete else None, news
