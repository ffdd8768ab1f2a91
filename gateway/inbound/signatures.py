"""DKIM (RFC 6376): which domain signed this mail, if its signature still holds.

The body is hashed from the spool in blocks and compared with ``bh=``; the header is verified by
dkimpy, which never sees the body. Stricter than the RFC, because numbers hang on it: a signature
with ``l=`` counts for nothing, since text may be appended under it; so does one that leaves out
From, the Subject that people will read, or the Message-ID, under another of which whoever got the
letter could hand it in again and again as a new one. RSA keys have at least 1024 bits and hashes
are SHA-256. Ed25519 signatures (RFC 8463) are not verified; whoever uses them signs with RSA too.
"""

import base64
import binascii
import logging
from typing import Any, Final

import dkim
from dkim.util import InvalidTagValueList, parse_tag_value

from gateway.inbound.alignment import aligned
from gateway.inbound.body_hash import body_hash
from gateway.inbound.resolver import Resolver, TemporaryTrustFailure
from gateway.inbound.window import Window

MOST_SIGNATURES: Final = 5
_quiet = logging.getLogger("gateway.inbound.signatures.dkimpy")
_quiet.addHandler(logging.NullHandler())
_quiet.propagate = False  # dkimpy logs what the mail says

Tags = dict[bytes, bytes]


class _Void(Exception):
    """A signature counts for nothing; the text says why."""


def signing_domain(
    window: Window, header: bytes, body: int, author: str, resolver: Resolver
) -> tuple[str, str]:
    """Return a domain aligned with the author's whose signature holds, and one line of evidence.

    ``header`` is the header block, ``body`` the offset of the body. The domain is "" when no
    signature proves anything. Raises TemporaryTrustFailure if only DNS kept one from being proven.
    """
    verifier = _Verifier(window, header, body, resolver)
    said = ["no aligned DKIM signature"]
    waiting: TemporaryTrustFailure | None = None
    for index in verifier.aligned_with(author):
        try:
            return verifier.verify(index)
        except TemporaryTrustFailure as failure:
            waiting = failure
        except _Void as void:
            said = [f"DKIM: {void}"]
    if waiting:
        raise waiting
    return "", said[0]


class _Verifier:
    def __init__(self, window: Window, header: bytes, body: int, resolver: Resolver) -> None:
        self._window = window
        self._header = header.strip(b"\r\n") + b"\r\n\r\n"
        self._body = body
        self._resolver = resolver
        self._hashes: dict[bool, bytes] = {}

    def aligned_with(self, author: str) -> list[int]:
        """Number the first few signatures, from the top, that could speak for the author."""
        try:
            fields = dkim.rfc822_parse(self._header)[0]
        except (dkim.DKIMException, IndexError):
            return []
        signatures = [value for name, value in fields if name.lower() == b"dkim-signature"]
        domains = [_tags(value).get(b"d", b"").decode("latin-1") for value in signatures]
        return [n for n, domain in enumerate(domains) if aligned(domain, author)][:MOST_SIGNATURES]

    def verify(self, index: int) -> tuple[str, str]:
        try:
            return self._verify(index)
        except (_Void, TemporaryTrustFailure, OSError):
            raise
        except dkim.DKIMException as error:
            raise _Void(type(error).__name__) from error
        except Exception as error:  # a signature that breaks the library proves nothing
            raise _Void(f"unreadable ({type(error).__name__})") from error

    def _verify(self, index: int) -> tuple[str, str]:
        signer = dkim.DKIM(self._header, logger=_quiet, minkey=1024)
        tags, signed, signatures = signer.verify_headerprep(index)
        self._check_tags(tags, signed, {name.lower() for name, _ in signer.headers})
        self._check_body(tags)
        # The body is proven; without bh= dkimpy verifies what is left, the header.
        rest = {key: value for key, value in tags.items() if key != b"bh"}
        if not signer.verify_sig(rest, signed, signatures[index], self._key_for(tags)):
            raise _Void("the header was changed, or the key is another")
        domain = tags[b"d"].decode("ascii").lower()
        return domain, f"DKIM: d={domain} s={tags[b's'].decode('latin-1')[:63]}"

    def _check_tags(self, tags: Tags, signed: list[bytes], present: set[bytes]) -> None:
        if b"l" in tags:
            raise _Void("l= leaves the end of the body open")
        if tags[b"a"] != b"rsa-sha256":
            raise _Void(f"algorithm {tags[b'a'].decode('latin-1')[:20]}")
        for name in (b"from", b"subject", b"message-id"):
            if name in present and name not in signed:
                raise _Void(f"{name.decode()} is not signed")

    def _check_body(self, tags: Tags) -> None:
        relaxed = tags.get(b"c", b"simple/simple").partition(b"/")[2] == b"relaxed"
        if relaxed not in self._hashes:
            blocks = self._window.blocks(self._body, self._window.size)
            self._hashes[relaxed] = body_hash(blocks, relaxed=relaxed)
        claimed = base64.b64decode(b"".join(tags[b"bh"].split()))
        if claimed != self._hashes[relaxed]:
            raise _Void("the body was changed")

    def _key_for(self, tags: Tags) -> Any:
        def record(name: bytes, **_: float) -> bytes:
            records = self._resolver.txt(name.decode("ascii"))
            found = next((r for r in records if b"p=" in r), b"")
            _check_key(_tags(found), tags)
            return found

        return record


def _check_key(key: Tags, tags: Tags) -> None:
    """Refuse a key that its owner restricts to something else (RFC 6376 §3.6.1)."""
    if not key.get(b"p"):
        raise _Void("no key, or a revoked one")
    flags = {flag.strip() for flag in key.get(b"t", b"").split(b":")}
    if b"y" in flags:
        raise _Void("the domain is only testing DKIM")
    identity = tags.get(b"i", b"@" + tags[b"d"]).rpartition(b"@")[2]
    if b"s" in flags and identity.lower() != tags[b"d"].lower():
        raise _Void("the key is not for subdomains")
    if b"sha256" not in key.get(b"h", b"sha256"):
        raise _Void("the key is not for SHA-256")


def _tags(value: bytes) -> Tags:
    try:
        tags: Tags = parse_tag_value(value)
    except (InvalidTagValueList, binascii.Error, IndexError):
        return {}
    return tags
