"""MAIL FROM and RCPT TO taken apart: the path, and the parameters behind it.

As RFC 5321 §4.1.2 writes them, with two old leniencies that harm nobody: blanks after the colon,
and a path without angle brackets. A source route is read and dropped (§3.3, appendix C).
Quoted local parts stay quoted unless the quotes were not needed. Nothing here knows
which addresses exist.

Parameters (§4.1.2, esmtp-param) keep the case of their values, since DSN's ORCPT and ENVID need it.
"""

import re
from dataclasses import dataclass, field

from gateway.errors import BadAddress, BadSyntax
from registry.errors import NotUnderstood
from registry.letter.address import local_and_domain

_ANGLE = re.compile(
    r"<(?:@[^:<>\s]+:)?(?P<path>(?:\"(?:\\[ -~]|[^\"\\\r\n])*\"|[^\s<>\"])*)>(?P<rest>.*)"
)
_BARE = re.compile(r"(?P<path>[^\s<>\"]+)(?P<rest>.*)")
_PARAMETER = re.compile(r"(?P<key>[A-Za-z0-9][A-Za-z0-9-]*)(?:=(?P<value>[^\s=]+))?")
_NEEDLESS_QUOTES = re.compile(
    r"\"([A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*)\"@(.*)"
)


@dataclass(frozen=True, slots=True)
class Path:
    """One path: its address ("" for the null sender ``<>``), and its parameters by key.

    Keys are in upper case; a parameter without a value has None.
    """

    address: str
    parameters: dict[str, str | None] = field(default_factory=dict)


def read_path(keyword: str, argument: str | None, *, utf8: bool = False) -> Path:
    """Read ``FROM:<address> [parameters]`` behind MAIL, or ``TO:…`` behind RCPT.

    ``utf8`` lets the address hold more than ASCII; SMTPUTF8 among the parameters does so too.
    Raises BadSyntax for a command that is none, and BadAddress for an address that is none.
    ``postmaster`` alone passes (RFC 5321 §4.5.1).
    """
    head, colon, tail = (argument or "").partition(":")
    if not colon or head.strip().upper() != keyword:
        raise _usage(keyword)
    tail = tail.strip(" \t")
    found = (_ANGLE if tail.startswith("<") else _BARE).fullmatch(tail)
    if not found or (found["rest"] and found["rest"][0] not in " \t"):
        raise BadAddress("path without its form") if tail else _usage(keyword)
    parameters = _parameters(found["rest"], keyword)
    path = found["path"]
    if '"' in path:
        path = _NEEDLESS_QUOTES.sub(r"\1@\2", path)
    _check(path, utf8=utf8 or "SMTPUTF8" in parameters)
    return Path(path, parameters)


def _parameters(text: str, keyword: str) -> dict[str, str | None]:
    parameters: dict[str, str | None] = {}
    for word in text.split():
        found = _PARAMETER.fullmatch(word)
        if not found or found["key"].upper() in parameters or not word.isprintable():
            raise _usage(keyword)
        parameters[found["key"].upper()] = found["value"]
    return parameters


def _check(address: str, *, utf8: bool) -> None:
    if not address or address.lower() == "postmaster":
        return
    if not utf8 and not address.isascii():
        raise BadAddress(
            "an address beyond ASCII without SMTPUTF8",
            text="An address with other letters than ASCII needs SMTPUTF8 (RFC 6531).",
        )
    try:
        local_and_domain(address)
    except NotUnderstood:
        raise BadAddress("not an address") from None


def _usage(keyword: str) -> BadSyntax:
    verb = "MAIL" if keyword == "FROM" else "RCPT"
    return BadSyntax(f"{verb} not understood", text=f"Syntax: {verb} {keyword}:<address>")
