"""A signed mail laid out for whoever verifies it (RFC 8551 §3): which bytes, and the signature.

``multipart/signed`` (RFC 1847 §2.1): what was signed are the raw bytes of the first part, from its
header to the line break that belongs to the next delimiter, exactly as they came; the second part
is the signature. ``application/pkcs7-mime``: the signature holds what it signs. Mails attached to
the letter are somebody else's and are left alone. The first signature from outside is taken;
``whole`` says whether anything of the mail's body stands outside of it.

The mail is put together in a folder of the caller's, and decoded in blocks. Nothing is judged here.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gateway.inbound import rebuild
from gateway.inbound.boundaries import Boundaries
from gateway.inbound.decode import decoded, decoder_for
from gateway.inbound.split import Node, split
from gateway.inbound.window import Window
from registry.blobs import BlobStore
from registry.letter.message import Original
from registry.letter.signature import SealedMail

_DETACHED: Final = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature"})
_OPAQUE: Final = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_MOST: Final = 150_000_000  # bytes of a signature, with what it holds


@dataclass(frozen=True, slots=True)
class _Found:
    begin: int
    end: int
    seal: Node
    whole: bool


def lay_out(original: Original, blobs: BlobStore, folder: Path) -> SealedMail | None:
    """Put a mail together in ``folder`` and find what was signed; None for one that is not signed.

    The files ``signed-mail`` and ``signature`` are written over. Raises NotFound when a blob is
    missing, OSError.
    """
    mail, seal = folder / "signed-mail", folder / "signature"
    with mail.open("wb") as out:
        rebuild.write(original, blobs, out)
    with Window(mail) as window:
        found = _find(window)
        if found is None:
            return None
        size = 0
        with seal.open("wb") as out:
            for block in decoded(window, found.seal, decoder_for(found.seal.encoding)):
                size += len(block)
                if size > _MOST:
                    return None
                out.write(block)
    return SealedMail(mail, seal, found.begin, found.end, found.whole)


def _find(window: Window) -> _Found | None:
    for node in split(window).root.walk():
        if node.nested or node.media_type.startswith("message/"):
            continue
        if node.media_type == "multipart/signed" and len(node.children) == 2:
            seal = node.children[1]
            if seal.media_type in _DETACHED and (span := _first_part(window, node)):
                return _Found(*span, seal, node.parent is None)
        if node.media_type in _OPAQUE and node.content.get("smime-type") != "enveloped-data":
            return _Found(0, 0, node, node.parent is None)
    return None


def _first_part(window: Window, signed: Node) -> tuple[int, int] | None:
    """Give where the first part of a multipart begins and ends, its header included."""
    boundaries = Boundaries(window)
    boundaries.push(signed.content.get("boundary").rstrip().encode("utf-8", "replace"))
    first = boundaries.next(signed.start)
    after = boundaries.next(first.end) if first else None
    return (first.end, after.start) if first and after else None
