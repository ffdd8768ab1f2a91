"""A private Glewlwyd in a folder of its own: a real OpenID provider, from Debian's packages.

It listens on a free loopback port, keeps its people in an SQLite file and wants PKCE of everybody
(RFC 7636). :func:`start` sets it up through its own administration: one plugin for OpenID
Connect, one client. The bendable provider of :mod:`tests.servers.openid` is for what a provider
should never say; this one is for what a provider says.
"""

import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx
from joserfc.jwk import ECKey

from tests.servers import ports, running
from tests.servers.waiting import wait_until

# Without a character that form encoding changes: it takes what stands there (RFC 6749 §2.3.1).
CLIENT, SECRET = "saraban", "a-secret-between-two-houses"
SCHEMA: Final = Path("/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3")
_FIRST: Final = {"username": "admin", "password": "password"}  # as its schema has it
_PASSWORD: Final = "a password of that house"

CONFIGURATION = """\
port={port}
bind_address="127.0.0.1"
external_url="{url}"
login_url="login.html"
api_prefix="api"
cookie_domain="127.0.0.1"
cookie_secure=0
log_mode="console"
log_level="INFO"
session_key="SESSION"
admin_session_authentication="cookie"
profile_session_authentication="cookie"
login_api_enabled=true
admin_scope="g_admin"
profile_scope="g_profile"
user_module_path="/usr/lib/glewlwyd/user"
client_module_path="/usr/lib/glewlwyd/client"
user_auth_scheme_module_path="/usr/lib/glewlwyd/scheme"
plugin_module_path="/usr/lib/glewlwyd/plugin"
hash_algorithm="SHA512"
database = {{ type="sqlite3" path="{folder}/people.db" }};
"""


@dataclass(frozen=True, slots=True)
class Glewlwyd:
    """A running provider and the people it knows."""

    folder: Path
    url: str
    admin: httpx.Client

    @property
    def issuer(self) -> str:
        """The name it gives itself in discovery and tokens."""
        return f"{self.url}/api/oidc"

    def add(self, name: str, email: str, *, verified: bool = True) -> None:
        """Let it know somebody, with an address that it vouches for or does not."""
        self._told("POST", "/api/user/", {
            "username": name, "password": _PASSWORD, "name": name, "email": email,
            "email_verified": "1" if verified else "0", "scope": ["openid", "email"],
            "enabled": True,
        })  # fmt: skip

    def sign_in(self, name: str, way: str) -> str:
        """Sign in as that person, allow what is asked, and give the address back to us."""
        with httpx.Client(base_url=self.url) as person:
            at_its_door = person.get(way).headers["location"]
            assert at_its_door.startswith(f"{self.url}/login.html"), at_its_door
            known = {"username": name, "password": _PASSWORD}
            person.post("/api/auth/", json=known).raise_for_status()
            allowed = {"scope": "openid email"}
            person.put(f"/api/auth/grant/{CLIENT}", json=allowed).raise_for_status()
            return str(person.get(f"{way}&g_continue").headers["location"])

    def set_up(self, back: str) -> None:
        """Make the plugin and the one client, who is sent back to that address only."""
        self._told("POST", "/api/auth/", dict(_FIRST))
        self._told("PUT", "/api/mod/user/database", _people())
        self._told("PUT", "/api/mod/user/database/reset/", {})
        scope = {"name": "email", "display_name": "email", "password_required": False}
        self._told("POST", "/api/scope/", scope | {"description": "email", "scheme": {}})
        self._told("POST", "/api/mod/plugin/", {
            "module": "oidc", "name": "oidc", "display_name": "oidc", "enabled": True,
            "parameters": _protocol(self.issuer),
        })  # fmt: skip
        self._told("POST", "/api/client/", {
            "client_id": CLIENT, "name": "saraban", "confidential": True, "password": SECRET,
            "redirect_uri": [back], "authorization_type": ["code"], "scope": [], "enabled": True,
            "token_endpoint_auth_method": ["client_secret_basic"],
        })  # fmt: skip

    def log(self) -> str:
        """Give the end of its log."""
        return running.log_of(self.folder)

    def _told(self, method: str, path: str, value: dict[str, object]) -> None:
        answer = self.admin.request(method, path, json=value)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"


def start(back: str) -> Glewlwyd:
    """Start a provider whose one client is sent back to that address; it ends with this process."""
    assert shutil.which("glewlwyd"), "Glewlwyd is missing (Debian: glewlwyd)"
    folder = Path(tempfile.mkdtemp(prefix="saraban-glewlwyd-"))
    port = ports.free_port()
    with closing(sqlite3.connect(folder / "people.db")) as database:
        database.executescript(SCHEMA.read_text("utf-8"))
    url = f"http://127.0.0.1:{port}"
    file = folder / "glewlwyd.conf"
    file.write_text(CONFIGURATION.format(port=port, url=url, folder=folder), "ascii")
    running.start(folder, ["/usr/bin/glewlwyd", "--config-file", str(file)])
    server = Glewlwyd(folder, url, httpx.Client(base_url=url))
    wait_until(lambda: _answers(url), lambda: f"Glewlwyd answers\n{server.log()}")
    server.set_up(back)
    return server


def _protocol(issuer: str) -> dict[str, object]:
    key = ECKey.generate_key("P-256")
    verified = {"name": "email_verified", "user-property": "email_verified", "mandatory": True}
    as_boolean = {"type": "boolean", "boolean-value-true": "1", "boolean-value-false": "0"}
    return {
        "iss": issuer, "jwt-type": "ecdsa", "jwt-key-size": "256", "jwks-show": True,
        "key": key.as_pem(private=True).decode(), "cert": key.as_pem(private=False).decode(),
        "subject-type": "public", "allowed-scope": ["openid", "email"],
        "auth-type-code-enabled": True, "auth-type-code-revoke-replayed": True,
        "code-duration": 60, "access-token-duration": 300, "refresh-token-duration": 300,
        "pkce-allowed": True, "pkce-required": True, "pkce-method-plain-allowed": False,
        "oauth-as-iss-id": True, "email-claim": "mandatory", "claims": [verified | as_boolean],
    }  # fmt: skip


def _people() -> dict[str, object]:
    """The module that keeps people, with one more line for each: is the address theirs."""
    line = {"multiple": False, "read": True, "write": True}
    return {
        "display_name": "people", "order_rank": 0,
        "parameters": {"use-glewlwyd-connection": True, "data-format": {"email_verified": line}},
    }  # fmt: skip


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/config/").is_success
    except httpx.TransportError:
        return False
