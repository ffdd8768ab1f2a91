"""E-mail addresses: what we take for one, and when two are the same.

Only the address proper is read here; header fields are the gateway's. Compared are
addresses folded: real agencies print the same box as ``Saraban_06240907@`` and
``saraban_06240907@``, so the local part is compared without regard to case, although
RFC 5321 §2.4 would let it matter. A domain in Thai is compared in its A-label.

Lengths are those of RFC 5321 §4.5.3.1 in octets: 64 for the local part, 254 in all.
Control characters, NUL and lone surrogates are never part of an address here, whatever
quoting allows.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final, NoReturn

from registry.errors import NotUnderstood
from registry.thai.text import tidy

_LOCAL: Final = re.compile(r'[^\s"()<>\[\]:;,\\@]+|"(?:[^"\\]|\\.)*"')
_LABEL: Final = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_DOMAIN: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})*|\[[0-9a-f.:]+\]")
_UNSAFE_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class Address:
    """A person or office that can be written to: display name (may be "") and address.

    The name is made one clean line, the address is checked but keeps its case. Raises
    NotUnderstood for an address that is none.
    """

    name: str
    email: str

    def __post_init__(self) -> None:
        local_and_domain(self.email)
        object.__setattr__(self, "name", " ".join(tidy(self.name).split()))

    @property
    def folded(self) -> str:
        """The address as it is compared."""
        return fold_address(self.email)

    def __str__(self) -> str:
        """Return ``name <address>`` for people to read; not a header field."""
        return f"{self.name} <{self.email}>" if self.name else self.email


def fold_address(email: str) -> str:
    """Return the address as it is stored for comparing; raise NotUnderstood if it is none."""
    local, domain = local_and_domain(email)
    return f"{unicodedata.normalize('NFC', local).casefold()}@{domain}"


def folded_or_empty(email: str) -> str:
    """Return the address as it is stored for comparing, or "" if it is none."""
    try:
        return fold_address(email)
    except NotUnderstood:
        return ""


def local_and_domain(email: str) -> tuple[str, str]:
    """Split an address into its local part as written and its folded domain.

    Raises NotUnderstood for anything RFC 5321 could not deliver to.
    """
    local, at, domain = email.strip(" ").rpartition("@")
    if not at or _unsafe(email):
        _refuse(email)
    folded = _fold_domain(domain, email)
    if not _LOCAL.fullmatch(local) or len(local.encode()) > 64:
        _refuse(email)
    if len(local.encode()) + 1 + len(folded) > 254:
        _refuse(email)
    return local, folded


def tag_of(email: str) -> tuple[str, str]:
    """Split ``saraban+กค@d`` into the folded central address and the folded tag.

    Without a tag, or where nothing stands before the plus, the tag is "".
    """
    local, at, domain = fold_address(email).rpartition("@")
    box, _, tag = local.partition("+")
    return (box + at + domain, tag) if box else (local + at + domain, "")


def _unsafe(email: str) -> bool:
    """Whether a control character or the like is in it; nearly every address is plain ASCII."""
    if email.isascii():
        return not email.isprintable()
    return any(unicodedata.category(char) in _UNSAFE_CATEGORIES for char in email)


def _fold_domain(domain: str, email: str) -> str:
    try:
        folded = domain if domain.isascii() else domain.encode("idna").decode("ascii")
    except UnicodeError:
        _refuse(email)
    folded = folded.lower().removesuffix(".")
    return folded if _DOMAIN.fullmatch(folded) else _refuse(email)


def _refuse(email: str) -> NoReturn:
    raise NotUnderstood(
        "not an e-mail address",
        text=email,
        thai=f"“{email}” ไม่ใช่ที่อยู่อีเมล โปรดตรวจตัวสะกด",
    )
