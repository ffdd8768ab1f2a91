"""The client's half of OpenID Connect (Core 1.0): discovery, code for token, and what a token says.

Authorization code with PKCE (RFC 7636, S256). A token is believed when one of the provider's keys
signed it, with an algorithm that has no shared secret, for us, now, and with the nonce of this very
sign-in (Core §3.1.3.7). Everything is asked over HTTPS, or on this machine; redirects are not
followed and answers are bounded. Blocking: callers are in a thread.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from registry.errors import SarabanError
from saraban.config.sections import OidcSettings, is_safe

ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "ES256", "ES384", "EdDSA")
_KEPT: Final = 3600.0  # seconds for which discovery and keys are believed
_LEEWAY: Final = 60
_LARGEST: Final = 1_000_000
_SECONDS: Final = 10.0
_REMEMBERED: Final = 45.0  # seconds for which a provider that did not answer is not asked again
_PATIENCE: Final = 2.0  # seconds that a request waits for its turn
_AT_ONCE: Final = 4  # requests that may wait for the provider; the others serve pages


class NotVouchedFor(SarabanError):
    """The provider did not answer, or its answer proves nobody."""

    thai = "ผู้ให้บริการยืนยันตัวตนไม่ตอบ หรือตอบไม่ถูกต้อง โปรดลองใหม่ หรือเข้าระบบด้วยรหัสผ่าน"


@dataclass(frozen=True, slots=True)
class Attempt:
    """What one sign-in must come back with; it waits in a sealed cookie of the browser."""

    state: str
    nonce: str
    verifier: str
    way: str

    @classmethod
    def fresh(cls, way: str) -> "Attempt":
        """Begin one that leads on to this page."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        return cls(state, nonce, verifier, way)


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a provider vouches for; ``email`` is "" unless it says that it verified it."""

    subject: str
    email: str


class Provider:
    """One provider; what it says of itself is kept for an hour.

    One that is silent costs a few threads for some seconds, whoever asks and however often: only
    so many wait for it at once, and for a while after it has failed nobody does.
    """

    def __init__(self, settings: OidcSettings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._room = threading.BoundedSemaphore(_AT_ONCE)
        self._failed: tuple[float, str] | None = None
        self._facts: tuple[float, dict[str, Any], KeySet] | None = None

    def address(self, attempt: Attempt, back: str) -> str:
        """Give where the browser goes to prove who is there. Raises NotVouchedFor."""
        with self._turn():
            facts, _ = self._known()
        digest = hashlib.sha256(attempt.verifier.encode()).digest()
        asked = {
            "response_type": "code", "client_id": self._settings.client_id, "redirect_uri": back,
            "scope": "openid email", "state": attempt.state, "nonce": attempt.nonce,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }  # fmt: skip
        joint = "&" if "?" in facts["authorization_endpoint"] else "?"
        return f"{facts['authorization_endpoint']}{joint}{urlencode(asked)}"

    def person(self, attempt: Attempt, back: str, code: str, issuer: str) -> Person:
        """Change the code for a token and give whom it means. Raises NotVouchedFor.

        ``issuer`` is who the answer says that it is from, "" where it does not (RFC 9207).
        """
        with self._turn():
            facts, _ = self._known()
            told = facts.get("authorization_response_iss_parameter_supported") is True
            if (issuer or told) and issuer != self._settings.issuer:
                raise NotVouchedFor("the answer is of another issuer")
            tokens = self._tokens(facts["token_endpoint"], attempt, back, code)
            claims = self._claims(str(tokens.get("id_token", "")), attempt.nonce)
            more = self._more(facts, claims, str(tokens.get("access_token", "")))
        return Person(claims["sub"], _verified_email({**more, **claims}))

    def _tokens(self, endpoint: str, attempt: Attempt, back: str, code: str) -> dict[str, Any]:
        """Ask at the token endpoint (RFC 6749 §4.1.3, RFC 7636 §4.5)."""
        asked = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": back,
            "code_verifier": attempt.verifier, "client_id": self._settings.client_id,
        }  # fmt: skip
        secret = self._secret()
        auth = httpx.BasicAuth(_form(self._settings.client_id), _form(secret)) if secret else None
        return self._json("POST", endpoint, data=asked, auth=auth)

    def _claims(self, token: str, nonce: str) -> dict[str, Any]:
        try:
            _, keys = self._known()
            try:
                read = jwt.decode(token, keys, algorithms=list(ALGORITHMS))
            except (JoseError, ValueError):
                _, keys = self._known(anew=True)  # the provider has turned its keys
                read = jwt.decode(token, keys, algorithms=list(ALGORITHMS))
            _must_be_for_us(read.claims, self._settings, nonce)
        except (JoseError, ValueError) as error:
            raise NotVouchedFor(f"the token is not believed: {error}") from error
        return dict(read.claims)

    def _more(
        self, facts: Mapping[str, Any], claims: Mapping[str, Any], access: str
    ) -> dict[str, Any]:
        """Ask for the address where the token does not tell it (Core §5.3)."""
        endpoint = facts.get("userinfo_endpoint")
        if "email" in claims or not endpoint or not access:
            return {}
        found = self._json("GET", endpoint, headers={"Authorization": f"Bearer {access}"})
        if found.get("sub") != claims["sub"]:  # Core §5.3.2
            raise NotVouchedFor("userinfo is about another subject")
        return found

    def _known(self, *, anew: bool = False) -> tuple[dict[str, Any], KeySet]:
        """Give what the provider says of itself, and its keys (Discovery 1.0 §4)."""
        if not self._lock.acquire(timeout=_PATIENCE):
            raise NotVouchedFor("somebody else waits for the provider")
        try:
            now = time.monotonic()
            if self._facts is None or anew or now - self._facts[0] > _KEPT:
                self._facts = (now, *self._discovered())
            return self._facts[1], self._facts[2]
        finally:
            self._lock.release()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Wait for the provider among few. Raises NotVouchedFor when too many do."""
        if not self._room.acquire(timeout=0):
            raise NotVouchedFor("too many wait for the provider")
        try:
            yield
        finally:
            self._room.release()

    def _discovered(self) -> tuple[dict[str, Any], KeySet]:
        """Discover; a failure is remembered, so that those who come next need not wait for it."""
        if self._failed and time.monotonic() - self._failed[0] < _REMEMBERED:
            raise NotVouchedFor(f"it failed a moment ago: {self._failed[1]}")
        try:
            found = self._discover()
        except NotVouchedFor as error:
            self._failed = (time.monotonic(), str(error))
            raise
        self._failed = None
        return found

    def _discover(self) -> tuple[dict[str, Any], KeySet]:
        issuer = self._settings.issuer
        where = f"{issuer.removesuffix('/')}/.well-known/openid-configuration"
        facts = self._json("GET", where)
        if facts.get("issuer") != issuer:
            raise NotVouchedFor("the provider names itself otherwise than the settings do")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not is_safe(str(facts.get(name, ""))):
                raise NotVouchedFor(f"the provider has no safe {name}")
        keys = self._json("GET", facts["jwks_uri"]).get("keys", [])
        signing = [key for key in keys if key.get("use", "sig") == "sig" and key["kty"] != "oct"]
        try:
            return facts, KeySet.import_key_set({"keys": signing})
        except (JoseError, ValueError, KeyError) as error:
            raise NotVouchedFor(f"the provider's keys cannot be read: {error}") from error

    def _json(self, method: str, address: str, **how: Any) -> dict[str, Any]:
        if not is_safe(address):
            raise NotVouchedFor(f"not a safe address: {address}")
        try:
            with (
                httpx.Client(timeout=_SECONDS, follow_redirects=False) as client,
                client.stream(method, address, **how) as answer,
            ):
                body, began = b"", time.monotonic()
                for block in answer.iter_bytes():
                    body += block
                    if len(body) > _LARGEST or time.monotonic() - began > _SECONDS:
                        raise NotVouchedFor("the provider's answer is too long")
            found = json.loads(body)
        except (httpx.HTTPError, ValueError) as error:
            raise NotVouchedFor(f"{address}: {error}") from error
        if answer.status_code != 200 or not isinstance(found, dict):
            why = found.get("error", "") if isinstance(found, dict) else ""
            raise NotVouchedFor(f"{address} said {answer.status_code} {str(why)[:80]}")
        return found

    def _secret(self) -> str:
        file = self._settings.client_secret_file
        try:
            return Path(file).read_text(encoding="utf-8").strip() if file else ""
        except OSError as error:
            raise NotVouchedFor(f"oidc.client_secret_file: {error}") from error


def _must_be_for_us(claims: Mapping[str, Any], settings: OidcSettings, nonce: str) -> None:
    """Look at what a token must say (Core §3.1.3.7). Raises ValueError, JoseError."""
    registry = jwt.JWTClaimsRegistry(
        leeway=_LEEWAY, iss={"essential": True, "value": settings.issuer},
        aud={"essential": True, "value": settings.client_id}, exp={"essential": True},
        iat={"essential": True}, sub={"essential": True},
    )  # fmt: skip
    registry.validate(dict(claims))
    audience = claims["aud"]
    many = isinstance(audience, list) and len(audience) > 1
    if (many or "azp" in claims) and claims.get("azp") != settings.client_id:
        raise ValueError("the token was given to another party")
    if not secrets.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise ValueError("the token is of another sign-in")


def _verified_email(claims: Mapping[str, Any]) -> str:
    return str(claims.get("email", "")) if claims.get("email_verified") is True else ""


def _form(text: str) -> str:
    """Encode a name or secret as Basic authentication wants it (RFC 6749 §2.3.1)."""
    return urlencode({"": text})[1:]
