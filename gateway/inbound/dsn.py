"""What MAIL and RCPT ask of delivery reports (RFC 3461): RET and ENVID, NOTIFY and ORCPT.

Values are given decoded from xtext (§4), with their case kept; :func:`xtext` writes them again.
What is wrong with one is a 501, as §5.2 to §5.4 want.
"""

import re
from typing import Any

from gateway.errors import BadSyntax

_XTEXT = re.compile(r"(?:[!-*,-<>-~]|\+[0-9A-F]{2})+")
_HEX = re.compile(r"\+([0-9A-F]{2})")
_PLAIN = re.compile(r"[^!-*,-<>-~]")
_TYPE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}")
_LONGEST_ENVID, _LONGEST_ORCPT = 100, 500  # RFC 3461 §4.4, §4.2
_WHEN = ("SUCCESS", "FAILURE", "DELAY")

Parameters = dict[str, str | None]


def take_from_mail(parameters: Parameters) -> dict[str, Any]:
    """Take RET and ENVID out of the parameters of MAIL; give ``{"ret": …, "envid": …}``.

    What was not asked is left out. Raises BadSyntax.
    """
    asked: dict[str, Any] = {}
    if "RET" in parameters:
        asked["ret"] = (parameters.pop("RET") or "").upper()
        if asked["ret"] not in {"FULL", "HDRS"}:
            raise BadSyntax(text="RET is FULL or HDRS.")
    if "ENVID" in parameters:
        asked["envid"] = _read(parameters.pop("ENVID") or "", _LONGEST_ENVID)
        if not asked["envid"] or not _is_plain(asked["envid"]):
            raise BadSyntax(text="ENVID is xtext of at most 100 characters (RFC 3461).")
    return asked


def take_from_rcpt(parameters: Parameters) -> dict[str, Any]:
    """Take NOTIFY and ORCPT out of the parameters of RCPT; give ``{"notify": …, "orcpt": …}``.

    What was not asked is left out. Raises BadSyntax.
    """
    asked: dict[str, Any] = {}
    if "NOTIFY" in parameters:
        words = (parameters.pop("NOTIFY") or "").upper().split(",")
        if words != ["NEVER"] and not set(words) <= set(_WHEN):
            raise BadSyntax(text="NOTIFY is NEVER, or of SUCCESS, FAILURE and DELAY.")
        asked["notify"] = list(dict.fromkeys(words))
    if "ORCPT" in parameters:
        kind, _, address = (parameters.pop("ORCPT") or "").partition(";")
        address = _read(address, _LONGEST_ORCPT)
        if not _TYPE.fullmatch(kind) or not address.isprintable() or not address:
            raise BadSyntax(text="ORCPT is type;xtext of at most 500 characters (RFC 3461).")
        asked["orcpt"] = f"{kind};{address}"
    return asked


def xtext(value: str) -> str:
    """Write a value as xtext (RFC 3461 §4): ``+`` and ``=`` and what is not graphic as ``+XX``."""
    octets = value.encode().decode("latin-1")
    return _PLAIN.sub(lambda found: f"+{ord(found[0]):02X}", octets)


def _read(value: str, most: int) -> str:
    """Decode xtext; "" for what is none, or too long."""
    if len(value) > most or not _XTEXT.fullmatch(value):
        return ""
    octets = _HEX.sub(lambda found: chr(int(found[1], 16)), value).encode("latin-1")
    return octets.decode("utf-8", "surrogateescape")


def _is_plain(text: str) -> bool:
    """Whether it is ASCII that can be printed (RFC 3461 §4.4)."""
    return text.isascii() and text.isprintable()
