"""Signing in at the submission port: AUTH PLAIN and LOGIN (RFC 4954, RFC 4616), officers only.

A password is checked with argon2id in a thread, two at a time, so that neither the event loop nor
the memory of the process suffers under a burst of guesses. Unknown, disabled and mistaken all get
the same answer after the same work (:mod:`registry.accounts.passwords`), and so do an auditor, who
reads and sends nothing, and whoever's term is over.
"""

import asyncio
import base64
import binascii
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from gateway.errors import BadSyntax, SignInAway
from gateway.service import Runtime
from gateway.threads import in_thread
from registry import directory
from registry.accounts import sessions
from registry.db import database_is_away
from registry.letter.entity import Role

MECHANISMS = ("LOGIN", "PLAIN")
_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A clerk who has proven to be one; both addresses are folded."""

    email: str
    central_address: str

    @property
    def own_addresses(self) -> frozenset[str]:
        """The addresses this clerk may write as."""
        return frozenset({self.email, self.central_address})


class SignIn:
    """Checks names and passwords against the directory."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._turn = asyncio.Semaphore(_AT_ONCE)

    async def verify(self, login: bytes, password: bytes) -> SignedIn | None:
        """Give the clerk, or None. Raises SignInAway while the database cannot be asked."""
        try:
            name, word = login.decode(), password.decode()
        except UnicodeDecodeError:
            return None
        async with self._turn:
            try:
                return await in_thread(self._verify, name, word)
            except SQLAlchemyError as error:
                if database_is_away(error):
                    raise SignInAway("the database is away") from error
                raise

    def _verify(self, name: str, password: str) -> SignedIn | None:
        with self._runtime.database.read() as session:
            officer = directory.verify_password(session, name, password)
            if officer is None or officer.disabled or officer.role is Role.AUDITOR:
                return None
            if sessions.needs(session, officer.id, self._runtime.clock.now()) is None:
                return None
            entity = directory.entity_by_code(session, officer.entity_code)
        if entity is None or not entity.hosted:
            return None
        return SignedIn(officer.email, entity.central_address)


def read_base64(text: bytes) -> bytes:
    """Decode one response of a client; ``=`` alone is the empty one (RFC 4954 §4)."""
    if text == b"=":
        return b""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadSyntax("AUTH: not base64", text="This is not base64 (RFC 4954).") from None


def read_plain(response: bytes) -> tuple[bytes, bytes]:
    """Give name and password of a PLAIN response, ``[other] NUL name NUL password``.

    To act as another is not offered; who asks for it gets nobody's name, which nobody has.
    """
    fields = response.split(b"\0")
    if len(fields) != 3:
        raise BadSyntax("AUTH PLAIN without its three fields")
    other, name, password = fields
    return (b"" if other and other != name else name), password
