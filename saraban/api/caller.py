"""Who asks: a program with its token, the entity it works for, and the officer in whose name.

A handler takes a caller with the scope it needs::

    @router.get("/entries/{entry_id}")
    def entry(caller: Reading, entry_id: Id) -> Response: ...

    @router.post("/entries/{entry_id}/close")
    def close_(caller: Acting, entry_id: Id, body: Closing) -> Response:
        return on_entry(caller, entry_id, body, lambda session, entry: ...)

Cookies are never read. A scope alone lets nobody do anything: the officer's role must allow it too,
and what is of another entity is not there. Handlers are plain functions: they run in a thread.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Annotated, Final

from fastapi import Depends, Header
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel
from sqlalchemy.orm import Session
from starlette.requests import Request

from registry.accounts import api_tokens
from registry.accounts.access import Reach
from registry.accounts.api_tokens import SEEN_EVERY, ApiToken, Scope
from registry.errors import NotAllowed
from registry.letter.entity import LegalEntity
from saraban.api.problems import Refused
from saraban.asking import Asking
from saraban.runtime import OfficeRuntime
from saraban.web.viewer import Act, Viewer

_BEARER: Final = HTTPBearer(
    auto_error=False, scheme_name="token", description="A token of `saraban token add`."
)
_Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]


@dataclass(frozen=True)
class Caller(Asking):
    """One request of one program. ``once`` is its Idempotency-Key, ``match`` its If-Match.

    ``reach`` is what the token's officer may see, of a token without one the whole entity.
    """

    request: Request
    runtime: OfficeRuntime
    token: ApiToken
    reach: Reach
    now: datetime
    once: str = ""
    match: str = ""

    @property
    def entity(self) -> LegalEntity:
        """The entity whose letters there are."""
        return self.token.entity

    @property
    def cleared(self) -> bool:
        """Whether letters with a marking of secrecy may be seen."""
        return self.token.cleared

    @property
    def by(self) -> str:
        """E-mail of the officer in whose name acts are done."""
        return self.viewer.email

    @property
    def viewer(self) -> Viewer:
        """The officer as one who looks. Raises NotAllowed for a program without one."""
        if self.token.officer is None:
            raise NotAllowed(
                f"token {self.token.id} acts in nobody's name",
                thai="โทเค็นของโปรแกรมนี้ไม่ได้ระบุเจ้าหน้าที่ที่ทำรายการแทน โปรดแจ้งผู้ดูแลระบบ",
            )
        return Viewer(self.token.officer, self.token.entity, self.reach)

    def must(self, scope: Scope, act: Act) -> None:
        """Raise NotAllowed unless the token has this scope and its officer may do this."""
        if scope not in self.token.scopes:
            raise NotAllowed(
                f"token {self.token.id} lacks the scope {scope}",
                thai=f"โทเค็นของโปรแกรมนี้ไม่มีสิทธิ {scope} โปรดแจ้งผู้ดูแลระบบ",
            )
        if self.token.officer is not None:
            self.viewer.must(act)

    def must_see_all(self) -> None:
        """Raise NotAllowed where the token's officer sees the letters of a unit alone."""
        if not self.reach.is_whole:
            raise NotAllowed(
                f"token {self.token.id} sees the letters of a unit",
                thai="โทเค็นนี้เห็นเฉพาะหนังสือของหน่วยงานย่อย จึงขอรับแจ้งเหตุของทั้งหน่วยงานไม่ได้",
            )

    def sees(self) -> Reach:
        """Give what the token may see."""
        return self.reach

    def signs(self, session: Session) -> None:
        """Have the journal name the token."""
        api_tokens.act_through(session, self.token)

    def looks_as(self) -> tuple[int, str]:
        """Give the entity (id) and the program that looks."""
        return self.entity.id, f"token:{self.token.name}"

    def digest_of(self, body: BaseModel | None) -> str:
        """Give the digest by which the same request is known again."""
        said = body.model_dump_json() if body is not None else ""
        asked = "\x00".join((self.request.method, str(self.request.url.path), self.match, said))
        return hashlib.sha256(asked.encode()).hexdigest()


def _caller(scope: Scope, act: Act, request: Request, credentials: _Credentials) -> Caller:
    """Find out whose token it is, and let it ask if it may."""
    runtime: OfficeRuntime = request.app.state.runtime
    now = runtime.clock.now()
    token, reach = _token(runtime, credentials.credentials if credentials else "", now)
    if wait := request.app.state.pace.take(token.id, now):
        raise Refused(429, "too many requests", headers={"Retry-After": str(wait)})
    caller = Caller(request, runtime, token, reach, now)
    caller.must(scope, act)
    if scope is Scope.WEBHOOKS:
        caller.must_see_all()  # a webhook tells of every letter of the entity
    return caller


def _token(runtime: OfficeRuntime, secret: str, now: datetime) -> tuple[ApiToken, Reach]:
    with runtime.database.read() as session:
        found = api_tokens.find(session, secret, now) if secret else None
        reach = api_tokens.reach_of(session, found) if found else None
    if found is None or reach is None:
        raise Refused(401, "no good token", headers={"WWW-Authenticate": "Bearer"})
    if found.last_used_at is None or now - found.last_used_at > SEEN_EVERY:
        with runtime.database.write() as session:
            api_tokens.seen(session, found, now)
    return found, reach


def _needs(scope: Scope, act: Act) -> Callable[..., Caller]:
    """Make the dependency of a handler that only reads."""

    def dependency(request: Request, credentials: _Credentials) -> Caller:
        return _caller(scope, act, request, credentials)

    return dependency


_Once = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key", min_length=1, max_length=100,
        description="A name of your own for this request: sent again, it is not done again.",
    ),
]  # fmt: skip
_Match = Annotated[
    str | None,
    Header(alias="If-Match", max_length=100, description="ETag of the state that this changes."),
]


def _acts(scope: Scope, act: Act) -> Callable[..., Caller]:
    """Make the dependency of a handler that changes something."""
    base = partial(_caller, scope, act)

    def dependency(
        request: Request, credentials: _Credentials, once: _Once = None, match: _Match = None
    ) -> Caller:
        return replace(base(request, credentials), once=once or "", match=match or "")

    return dependency


Reading = Annotated[Caller, Depends(_needs(Scope.READ, Act.READ))]
Hooking = Annotated[Caller, Depends(_acts(Scope.WEBHOOKS, Act.READ))]
Registering = Annotated[Caller, Depends(_acts(Scope.REGISTER, Act.REGISTER))]
Sending = Annotated[Caller, Depends(_acts(Scope.SEND, Act.SEND))]
Acting = Annotated[Caller, Depends(_acts(Scope.ACT, Act.PASS_ON))]
Deciding = Annotated[Caller, Depends(_acts(Scope.SEND, Act.DECIDE))]
Reserving = Annotated[Caller, Depends(_acts(Scope.SEND, Act.REGISTER))]
