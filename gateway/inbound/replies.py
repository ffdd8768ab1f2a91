"""Reply lines made fit to be sent: one line, ASCII where the client reads no more, a status code.

Some replies repeat what the client said. Every reply passes through :func:`polish`, so that
ENHANCEDSTATUSCODES (RFC 2034) is true of all of them and no text of a client can begin a line of
its own.
"""

import re
from functools import lru_cache

_STATUS = {
    "214": "2.0.0",
    "220": "2.0.0",
    "221": "2.0.0",
    "235": "2.7.0",
    "250": "2.0.0",
    "252": "2.0.0",
    "421": "4.3.0",
    "451": "4.3.0",
    "452": "4.3.1",
    "454": "4.7.0",
    "500": "5.5.2",
    "501": "5.5.4",
    "502": "5.5.1",
    "503": "5.5.1",
    "504": "5.5.4",
    "530": "5.7.0",
    "538": "5.7.11",
    "550": "5.7.1",
    "552": "5.3.4",
    "553": "5.1.3",
    "554": "5.5.0",
    "555": "5.5.4",
}
_LINE = 510  # octets before CRLF, RFC 5321 §4.5.3.1.5
_SHAPE = re.compile(r"(?P<code>[2-5]\d\d) (?P<status>[245]\.\d{1,3}\.\d{1,3} )?(?P<text>.*)")


@lru_cache(256)
def polish(reply: str, *, utf8: bool = False) -> str:
    """Give the reply as one clean line with an enhanced status code where its class has one."""
    line = reply if reply.isprintable() else "".join(map(_shown, reply))
    if not utf8 and not line.isascii():
        line = line.encode("ascii", "replace").decode("ascii")
    found = _SHAPE.fullmatch(line)
    if found and not found["status"] and (status := _STATUS.get(found["code"])):
        line = f"{found['code']} {status} {found['text']}"
    return line.encode()[:_LINE].decode("utf-8", "ignore")


def printable(text: str, most: int = 255) -> str:
    """Give a client's word (its name in HELO) as it may be kept and logged."""
    clean = "".join(map(_shown, text[:most]))
    return clean.encode("utf-8", "replace").decode()


def _shown(char: str) -> str:
    return char if char.isprintable() else "?"
