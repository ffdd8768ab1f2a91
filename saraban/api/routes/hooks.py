"""Webhooks: an address of the program's own that hears of events (:mod:`registry.webhooks`)."""

import json
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path
from pydantic import Field
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, Response

from registry import webhooks
from registry.webhooks import Webhook
from saraban.api.caller import Caller, Hooking
from saraban.api.doing import Result, do
from saraban.api.shapes.said import WebhookShape, WebhooksShape
from saraban.api.shapes.words import Asked
from saraban.times import iso

router = APIRouter(tags=["webhooks"], prefix="/webhooks")

_Number = Annotated[int, Path(ge=1, le=2_000_000_000)]


_LABEL: Final = "[A-Za-z0-9-]{1,63}"
_URL: Final = rf"^https?://{_LABEL}(\.{_LABEL})*(:([1-9][0-9]{{0,3}}|[1-5][0-9]{{4}}))?(/[!-~]*)?$"


class Subscription(Asked):
    """Where to call, and of what; no events: of all."""

    url: Annotated[str, Field(min_length=10, max_length=500, pattern=_URL)]
    events: list[Annotated[str, Field(pattern=r"^[a-z_-]{1,40}$")]] = Field([], max_length=50)


@router.get("", response_model=None, responses={200: {"model": WebhooksShape}}, summary="All")
def listing(caller: Hooking) -> Response:
    """List the subscriptions of the entity."""
    with caller.read() as session:
        found = webhooks.listing(session, caller.entity.id)
    return JSONResponse({"items": [_data(one) for one in found]})


@router.post(
    "", response_model=None, status_code=201, responses={201: {"model": WebhookShape}},
    summary="Subscribe",
)  # fmt: skip
def subscribe(caller: Hooking, body: Subscription) -> Response:
    """Subscribe an address to what happens from now on; `secret` is told this once.

    Asked for again with the same Idempotency-Key, the subscription is answered without its secret.
    """
    secrets: list[str] = []

    def work(session: Session) -> Result:
        made, secret = webhooks.subscribe(
            session, caller.runtime.keys, caller.entity.id, body.url, body.events, _who(caller),
            caller.now,
        )  # fmt: skip
        secrets.append(secret)
        return Result(201, said=_data(made))

    response = do(caller, body, work)
    return _with_secret(response, secrets[0]) if secrets else response


@router.delete(
    "/{number}", response_model=None, responses={200: {"model": WebhookShape}}, summary="End"
)
def end(caller: Hooking, number: _Number) -> Response:
    """End a subscription; calls that wait are not made."""

    def work(session: Session) -> Result:
        done = webhooks.end(session, number, caller.entity.id, _who(caller), caller.now)
        return Result(said=_data(done))

    return do(caller, None, work)


def _who(caller: Caller) -> str:
    return caller.by if caller.token.officer else f"token:{caller.token.name}"


def _with_secret(response: Response, secret: str) -> Response:
    """Put the secret into the answer only: what is kept of the request does not hold it."""
    return JSONResponse(json.loads(bytes(response.body)) | {"secret": secret}, response.status_code)


def _data(one: Webhook) -> dict[str, Any]:
    return {
        "id": one.id, "url": one.url, "events": list(one.events), "created_at": iso(one.created_at),
        "failing_since": iso(one.failing_since), "ended_at": iso(one.ended_at), "secret": None,
    }  # fmt: skip
