"""Browsers in which somebody has signed in: a stranger who guesses elsewhere does not close them.

A cookie keeps a sealed name of the browser for each of the last officers, good for a year and sent
to the sign-in page alone. It opens nothing: with it a try is only counted by itself.
"""

from secrets import token_hex
from typing import Final

from starlette.responses import Response

from registry.accounts.guessing import Place
from registry.errors import OutOfOrder
from registry.sealing import seal, unseal
from saraban.web.visit import Visit

_COOKIE: Final = "saraban-known"
_LIFE: Final = 365 * 86400
_MOST: Final = 6  # officers at one browser


def whence(visit: Visit, email: str) -> Place:
    """Give where a try for this address comes from: a browser that knows it, or a network."""
    for one in _kept(visit):
        if device := _device(visit, email, one):
            return Place.known(device)
    return Place.of_peer(visit.request.client.host if visit.request.client else "")


def remember(visit: Visit, email: str, response: Response) -> None:
    """Let the browser know that this officer has signed in."""
    others = [one for one in _kept(visit) if not _device(visit, email, one)]
    sealed = seal(visit.runtime.keys, _purpose(email), token_hex(8))
    response.set_cookie(
        _COOKIE, ".".join([sealed, *others][:_MOST]), max_age=_LIFE, path="/signin", httponly=True,
        samesite="lax", secure=visit.https,
    )  # fmt: skip


def _kept(visit: Visit) -> list[str]:
    return [one for one in visit.request.cookies.get(_COOKIE, "").split(".")[:_MOST] if one]


def _device(visit: Visit, email: str, sealed: str) -> str:
    """Give the name of the browser, "" where it is sealed for somebody else."""
    try:
        return unseal(visit.runtime.keys, _purpose(email), sealed)
    except OutOfOrder:
        return ""


def _purpose(email: str) -> str:
    return f"known:{email.strip().casefold()}"
