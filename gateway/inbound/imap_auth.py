"""Signing in to a mailbox: with a password, or with an OAuth2 token that a command prints.

A password is sent by PLAIN where the server takes it (RFC 4616), since LOGIN can carry neither
Thai letters nor quotes safely. A token is sent by OAUTHBEARER (RFC 7628) or, where the server
does not know that, XOAUTH2. The command is started without a shell, at every sign-in, since
tokens live for an hour or so; what it prints and says is written nowhere.
"""

import subprocess
from pathlib import Path
from typing import Any, Final

from imapclient.exceptions import IMAPClientError, LoginError

from gateway.inbound.imap_line import Line
from gateway.settings import CollectorSettings
from registry.errors import OutOfOrder

TOKEN_SECONDS: Final = 30.0
_LONGEST: Final = 16_384


def sign_in(line: Line, settings: CollectorSettings) -> None:
    """Sign in. Raises LoginError when the server refuses, OutOfOrder for bad settings."""
    username = checked(settings.username, "username")
    if settings.token_command:
        _with_token(line, username, _token(settings))
        return
    password = checked(_password(settings), "password")
    if line.has_capability("AUTH=PLAIN"):
        line.plain_login(username, password)
    else:
        line.login(_quoted(username), password)


def checked(text: str, name: str) -> str:
    """Give the text if it may stand in a command: no control characters (CR, LF, NUL above all).

    Raises OutOfOrder, which does not repeat the text.
    """
    if not text or any(ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0 for c in text):
        raise OutOfOrder(
            f"[[collector]] {name} is empty or has control characters",
            thai=f"[[collector]] {name} ว่าง หรือมีอักขระควบคุม โปรดแก้ใน saraban.toml",
        )
    if any(0xD800 <= ord(c) < 0xE000 for c in text):
        raise OutOfOrder(f"[[collector]] {name} is no text")
    return text


class _Once:
    """A SASL answer that is given to the first challenge only; the next is a refusal's reason."""

    def __init__(self, answer: str) -> None:
        self._answer = answer

    def __call__(self, challenge: Any) -> str:
        answer, self._answer = self._answer, ""
        return answer


def _with_token(line: Line, username: str, token: str) -> None:
    if line.has_capability("AUTH=OAUTHBEARER"):
        name = username.replace("=", "=3D").replace(",", "=2C")
        mechanism, text = "OAUTHBEARER", f"n,a={name},\1auth=Bearer {token}\1\1"
    else:
        mechanism, text = "XOAUTH2", f"user={username}\1auth=Bearer {token}\1\1"
    try:
        line.sasl_login(mechanism, _Once(text))
    except LoginError:
        raise LoginError(f"the server refused the token by {mechanism}") from None


def _token(settings: CollectorSettings) -> str:
    try:
        done = subprocess.run(  # the administrator's own command, no shell
            settings.token_command, check=True, timeout=TOKEN_SECONDS,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    except subprocess.CalledProcessError as error:
        raise _no_token(f"ended with {error.returncode}") from None
    except subprocess.TimeoutExpired:
        raise _no_token(f"printed nothing within {TOKEN_SECONDS:g} s") from None
    except OSError as error:
        raise _no_token(f"could not be started: {error.strerror}") from None
    token = done.stdout.decode("ascii", "replace").strip()
    if not token or len(token) > _LONGEST or not all("!" <= c <= "~" for c in token):
        raise _no_token("printed no token on one line")
    return token


def _no_token(why: str) -> OutOfOrder:
    return OutOfOrder(
        f"[[collector]] token_command {why}",
        thai="[[collector]] token_command ไม่ให้โทเคน โปรดลองสั่งด้วยมือดู",
    )


def _password(settings: CollectorSettings) -> str:
    try:
        return Path(settings.password_file).read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise OutOfOrder(
            f"[[collector]] cannot read password_file {settings.password_file}: {error}"
        ) from error


def _quoted(username: str) -> str:
    """Quote what imaplib puts into LOGIN as it is. Raises IMAPClientError for other letters."""
    if not username.isascii():
        raise IMAPClientError("the server takes no user name like this by LOGIN")
    return '"' + username.replace("\\", "\\\\").replace('"', '\\"') + '"'
