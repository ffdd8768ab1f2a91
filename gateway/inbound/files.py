"""Every file of a mail brought into the blob store, once, and described for the desk.

A file is each leaf that is not text to read, and each attached mail as a whole, whose own files
are listed beside it; attached mails inside attached mails lie in the outer one already. Decoding,
hashing and writing go block by block. Parts for machines (receipts, manifests) are no files.
"""

from dataclasses import dataclass, field, replace
from typing import Final

from gateway.inbound.bodies import Body, is_text
from gateway.inbound.charset import clean
from gateway.inbound.decode import decoded, decoder_for
from gateway.inbound.names import name_of
from gateway.inbound.rebuild import WORTH_CUTTING, Piece
from gateway.inbound.reports import is_machine_part
from gateway.inbound.sniff import ENOUGH, media_type
from gateway.inbound.split import Node
from gateway.inbound.window import Window
from registry.blobs import BlobStore
from registry.letter.message import Part

_LONGEST_TYPE: Final = 150
_LONGEST_CONTENT_ID: Final = 250


@dataclass(slots=True)
class Files:
    """The files in the order of the mail, what the raw copy need not hold again, the defects."""

    parts: list[Part] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)


def store_files(window: Window, root: Node, body: Body, blobs: BlobStore) -> Files:
    """Put every file of the mail into the store; raises OSError when the disk is full."""
    filer = _Filer(window, body, blobs)
    position = -1
    for node in root.walk():
        if node.children and not node.media_type.startswith("message/"):
            continue  # a multipart: its parts come next
        position += 1
        if filer.is_file(node):
            filer.store(node, position)
    return filer.files


class _Filer:
    def __init__(self, window: Window, body: Body, blobs: BlobStore) -> None:
        self.window = window
        self.body = body
        self.blobs = blobs
        self.files = Files()

    def is_file(self, node: Node) -> bool:
        if node in self.body.nodes or is_machine_part(node):
            return False
        # Texts of an attached mail, and mails in it, stand in that mail, which is a file itself.
        return not (node.nested and (is_text(node) or node.children))

    def store(self, node: Node, position: int) -> None:
        decoder = decoder_for("" if node.children else node.encoding)
        head = bytearray()
        with self.blobs.stage() as staged:
            for block in decoded(self.window, node, decoder):
                staged.write(block)
                head += block[: ENOUGH - len(head)]
            sha256, size = staged.keep(), staged.size
        part = self.describe(node, position, bytes(head))
        self.files.parts.append(replace(part, bytes=size, sha256=sha256))
        self.files.defects.extend(f"part {position}: {text}" for text in decoder.defects)
        if size > WORTH_CUTTING and not node.children and node.encoding != "quoted-printable":
            encoding = "base64" if node.encoding == "base64" else "bytes"
            self.files.pieces.append(Piece(node.start, node.end, sha256, size, encoding))

    def describe(self, node: Node, position: int, head: bytes) -> Part:
        claimed = clean(node.media_type)[:_LONGEST_TYPE]
        kind = claimed if node.children else media_type(head, claimed)[:_LONGEST_TYPE]
        name = name_of(node, kind, len(self.files.parts) + 1)
        cid = node.fields.get("content-id").strip(b"<> \t").decode("utf-8", "replace")
        cid = clean(cid)[:_LONGEST_CONTENT_ID]
        return Part(
            position=position,
            name=name.safe,
            original_name=name.given,
            media_type=kind,
            claimed_type=claimed,
            bytes=0,
            sha256="",
            inline=kind.startswith("image/") and self.body.shows(cid),
            content_id=cid,
        )
