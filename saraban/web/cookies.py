"""The cookies of the pages: who is signed in, what was just done, how a person likes to read.

The session's cookie is sent only to us, only over the way the pages are reached, and never shown to
scripts; over HTTPS it has the prefix ``__Host-``, so that no neighbour's name can set it. What was
just done is told once, on the page that follows; it holds numbers and words of ours, no content.
"""

import base64
import binascii
import json
from dataclasses import asdict, dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

THEMES: Final = ("auto", "light", "dark")
DIGITS: Final = ("thai", "arabic")
_TOLD: Final = "told"
_YEAR: Final = 365 * 86400


@dataclass(frozen=True, slots=True)
class Done:
    """What an act led to: the page to go to, what to say there, and a way on (or back).

    ``undo`` is the address of an act that takes it back, offered as a button.
    """

    path: str
    said: str = ""
    link: str = ""
    word: str = ""
    undo: str = ""


def session_name(*, https: bool) -> str:
    """Give the name of the session's cookie."""
    return "__Host-saraban" if https else "saraban"


def guest_name(*, https: bool) -> str:
    """Give the name of the cookie that a sign-in form is bound to."""
    return "__Host-saraban-guest" if https else "saraban-guest"


def put(response: Response, name: str, value: str, *, https: bool) -> None:
    """Set a cookie for as long as the browser is open."""
    response.set_cookie(name, value, httponly=True, samesite="lax", secure=https, path="/")


def prefer(response: Response, name: str, value: str, *, https: bool) -> None:
    """Keep how somebody likes to read, for a year."""
    response.set_cookie(
        name, value, max_age=_YEAR, httponly=True, samesite="lax", secure=https, path="/"
    )


def preference(request: Request, name: str, allowed: tuple[str, ...]) -> str:
    """Give how the person likes it, the first of those allowed when nothing is kept."""
    found = request.cookies.get(name, "")
    return found if found in allowed else allowed[0]


def tell(response: Response, done: Done, *, https: bool) -> None:
    """Lay what was done into a cookie for the next page."""
    text = json.dumps(asdict(done), ensure_ascii=False).encode()
    value = base64.urlsafe_b64encode(text).decode("ascii")
    response.set_cookie(
        _TOLD, value, max_age=60, httponly=True, samesite="lax", secure=https, path="/"
    )


def told(request: Request) -> Done | None:
    """Give what was laid there, if it is of our form; only ways within these pages are kept."""
    try:
        found = json.loads(base64.urlsafe_b64decode(request.cookies.get(_TOLD, "")))
        done = Done(**{name: str(value) for name, value in found.items()})
    except (binascii.Error, ValueError, TypeError, AttributeError):
        return None
    return done if all(is_ours(way) for way in (done.link, done.undo) if way) else None


def forget_told(response: Response) -> None:
    """Take the cookie away: it was shown."""
    response.delete_cookie(_TOLD, path="/")


def is_ours(path: str) -> bool:
    """Say whether an address leads nowhere but to a page of ours (no open redirect)."""
    plain = path.isprintable() and "\\" not in path
    return plain and path.startswith("/") and not path.startswith("//")
