"""A small OpenID provider on this machine: discovery, keys, authorization code with PKCE, userinfo.

It plays the whole protocol over HTTP and refuses what a real one refuses: a wrong secret, another
address to come back to, a code used twice, a verifier that does not fit (RFC 7636 §4.6). Whoever
comes is let in at once as ``person``. What it says in a token can be bent by a test: ``bend``.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, unquote_plus, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey

CLIENT, SECRET = "saraban", "a secret of ours"


class OpenId:
    """The provider; ``issuer`` is its address."""

    def __init__(self) -> None:
        self.person: dict[str, Any] = {"sub": "1001", "email": "", "email_verified": True}
        self.bend: dict[str, Any] = {}
        self.metadata: dict[str, Any] = {}
        self.in_userinfo = False  # the address is told there, not in the token
        self.key = _new_key()
        self.codes: dict[str, dict[str, str]] = {}
        self.grants: set[str] = set()
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.answer(self, b"")

            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                provider.answer(self, self.rfile.read(length))

            def log_message(self, *_args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_args: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def turn_keys(self) -> None:
        """Sign with another key from now on."""
        self.key = _new_key()

    def answer(self, request: BaseHTTPRequestHandler, body: bytes) -> None:
        """Answer one request."""
        parts = urlsplit(request.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/authorize":
            self._authorize(request, asked)
            return
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        status, found = {
            "/.well-known/openid-configuration": lambda: (200, self._metadata()),
            "/jwks": lambda: (200, {"keys": [self.key.as_dict(private=False)]}),
            "/token": lambda: self._token(request.headers.get("Authorization", ""), form),
            "/userinfo": lambda: self._userinfo(request.headers.get("Authorization", "")),
        }.get(parts.path, lambda: (404, {}))()
        _send(request, status, json.dumps(found).encode())

    def _metadata(self) -> dict[str, Any]:
        ends = {
            f"{name}_endpoint": f"{self.issuer}/{path}"
            for name, path in (
                ("authorization", "authorize"), ("token", "token"), ("userinfo", "userinfo")
            )
        }  # fmt: skip
        told = {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/jwks"}
        more = {"authorization_response_iss_parameter_supported": True}
        return told | more | ends | self.metadata

    def _authorize(self, request: BaseHTTPRequestHandler, asked: dict[str, str]) -> None:
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        back = {"code": code, "state": asked["state"], "iss": self.issuer}
        _send(request, 303, b"", f"{asked['redirect_uri']}?{urlencode(back)}")

    def _token(self, auth: str, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        name, _, secret = base64.b64decode(auth.removeprefix("Basic ")).decode().partition(":")
        if (unquote_plus(name), unquote_plus(secret)) != (CLIENT, SECRET):
            return 401, {"error": "invalid_client"}
        asked = self.codes.pop(form["code"], None)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        fits = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            asked is None
            or asked["code_challenge"] != fits
            or asked["redirect_uri"] != form["redirect_uri"]
        ):
            return 400, {"error": "invalid_grant"}
        access = secrets.token_urlsafe(16)
        self.grants.add(access)
        return 200, {"access_token": access, "id_token": self._id_token(asked["nonce"])}

    def _id_token(self, nonce: str) -> str:
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce}
        person = {"sub": self.person["sub"]} if self.in_userinfo else self.person
        header = {"alg": "ES256", "kid": self.key.kid}
        said = {n: v for n, v in (claims | person | self.bend).items() if v is not None}
        return jwt.encode(header, said, self.key)

    def _userinfo(self, auth: str) -> tuple[int, dict[str, Any]]:
        known = auth.removeprefix("Bearer ") in self.grants
        return (200, self.person) if known else (401, {"error": "invalid_token"})


def _new_key() -> ECKey:
    key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
    assert key.kid
    return key


def _send(request: BaseHTTPRequestHandler, status: int, body: bytes, where: str = "") -> None:
    request.send_response(status)
    if where:
        request.send_header("Location", where)
    request.send_header("Content-Type", "application/json")
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)
