"""DKIM (RFC 6376, RFC 8463): which domains signed this mail, and whose signature still holds.

The body is hashed from the spool in blocks and compared with ``bh=``; the header is verified by
dkimpy, which never sees the body. Stricter than the RFC, because numbers hang on it: a signature
with ``l=`` counts for nothing, since text may be appended under it; so does one that leaves out
From, the Subject that people will read, or what tells one mail from another: the Message-ID, or
the Date where there is none. Else whoever got the letter could hand it in again and again as a new
one.
"""

import base64
import logging
from functools import cached_property
from typing import Any, Final

import dkim

from gateway.body_hash import body_hash
from gateway.inbound.alignment import aligned
from gateway.inbound.inquiry import AskedTooMuch, Inquiry
from gateway.inbound.resolver import TemporaryTrustFailure
from gateway.inbound.signature_keys import Tags, Void, must_hold, read_tags
from gateway.inbound.window import Window
from registry.letter.message import Check

MOST_SIGNATURES: Final = 5
_LONGEST_DOMAIN: Final = 253
_quiet: Final = logging.getLogger("gateway.inbound.signatures.dkimpy")
_quiet.addHandler(logging.NullHandler())
_quiet.propagate = False  # dkimpy logs what the mail says


class SignedMail:
    """A mail as signatures see it: its header block, and hashes of its body when asked for.

    ``header`` is the header block, ``body`` the offset of the body in the window.
    """

    def __init__(self, window: Window, header: bytes, body: int) -> None:
        self._window = window
        self._header = header.strip(b"\r\n") + b"\r\n\r\n"
        self._body = body
        self._hashes: dict[bool, bytes] = {}

    @cached_property
    def fields(self) -> list[tuple[bytes, bytes]]:
        """The fields as dkimpy cuts them, once for all signatures; none if it cannot."""
        try:
            return [(name, value) for name, value in dkim.rfc822_parse(self._header)[0]]
        except (dkim.DKIMException, IndexError):
            return []

    def signer(self, kind: type[Any]) -> Any:
        """Make a dkimpy object (dkim.DKIM or dkim.ARC) that holds the header and no body."""
        made = kind(b"", logger=_quiet, minkey=1024)
        made.headers = list(self.fields)
        return made

    def must_have_body(self, tags: Tags, canonicalization: bytes) -> None:
        """See that the body is the one that was signed. Raises Void."""
        if b"l" in tags:
            raise Void("policy", "l= leaves the end of the body open")
        relaxed = tags.get(b"c", canonicalization).partition(b"/")[2] == b"relaxed"
        if relaxed not in self._hashes:
            blocks = self._window.blocks(self._body, self._window.size)
            self._hashes[relaxed] = body_hash(blocks, relaxed=relaxed)
        if base64.b64decode(b"".join(tags[b"bh"].split())) != self._hashes[relaxed]:
            raise Void("fail", "the body was changed")


def check_signatures(mail: SignedMail, author: str, inquiry: Inquiry) -> list[Check]:
    """Verify the first few signatures, those that could speak for the author's domain first."""
    values = [value for name, value in mail.fields if name.lower() == b"dkim-signature"]
    numbered = [(index, read_tags(value)) for index, value in enumerate(values)]
    numbered.sort(key=lambda one: not aligned(_domain(one[1]), author))
    return [_check(mail, index, tags, inquiry) for index, tags in numbered[:MOST_SIGNATURES]]


def must_cover(signed: list[bytes], present: set[bytes]) -> None:
    """See that what a person reads, and what tells one mail from another, is signed. Raises Void.

    Names are lower case; ``present`` are those of the whole header.
    """
    mark = b"message-id" if b"message-id" in present else b"date"
    for name in (b"from", b"subject", mark):
        if name in present and name not in signed:
            raise Void("policy", f"{name.decode()} is not signed")


def _check(mail: SignedMail, index: int, tags: Tags, inquiry: Inquiry) -> Check:
    domain = _domain(tags)
    try:
        return Check("dkim", "pass", domain, _verify(mail, index, inquiry))
    except Void as void:
        return Check("dkim", void.result, domain, str(void))
    except TemporaryTrustFailure as failure:
        return Check("dkim", "temperror", domain, str(failure))
    except AskedTooMuch as much:
        return Check("dkim", "permerror", domain, str(much))
    except OSError:
        raise
    except dkim.DKIMException as error:
        return Check("dkim", "permerror", domain, type(error).__name__)
    except Exception as error:  # noqa: BLE001 - a signature that breaks the library proves nothing
        return Check("dkim", "permerror", domain, f"unreadable ({type(error).__name__})")


def _verify(mail: SignedMail, index: int, inquiry: Inquiry) -> str:
    signer = mail.signer(dkim.DKIM)
    tags, signed, signatures = signer.verify_headerprep(index)
    if tags[b"a"] not in (b"rsa-sha256", b"ed25519-sha256"):
        raise Void("policy", f"algorithm {tags[b'a'].decode('latin-1')[:20]}")
    must_cover(signed, {name.lower() for name, _ in signer.headers})
    mail.must_have_body(tags, b"simple/simple")
    must_hold(signer, tags, signed, signatures[index], inquiry)
    return f"s={tags[b's'].decode('latin-1')[:63]}"


def _domain(tags: Tags) -> str:
    return tags.get(b"d", b"").decode("latin-1").lower()[:_LONGEST_DOMAIN]
