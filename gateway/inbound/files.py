"""Every file of a mail brought into the blob store, once, and described for the desk.

A file is each leaf that is not text to read, and each attached mail as a whole, whose own files
are listed beside it; attached mails inside attached mails lie in the outer one already. Decoding,
hashing and writing go block by block. Parts for machines (receipts, manifests) are no files.

What Outlook packed into a winmail.dat and what was written into a text (uuencode) are files too,
listed behind what they were taken out of; the raw copy never needs them. A winmail.dat that gave
everything is kept like the others and shown to nobody; a damaged one is shown as it is. So are
files that lie in a PDF, which stays what it is; PDFs among them are not opened in turn.

Of a mail that is one S/MIME signature the files are those of the letter in it; the signature is
kept and shown to nobody, like one that stands beside what it signs (RFC 1847 §2.1).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from gateway.inbound.bodies import Body, is_text
from gateway.inbound.charset import clean
from gateway.inbound.decode import decoded, decoder_for
from gateway.inbound.inside import Brought, Found, Opener, list_contents
from gateway.inbound.names import Name, name_of, named
from gateway.inbound.opaque import Letter
from gateway.inbound.rebuild import WORTH_CUTTING, Piece
from gateway.inbound.reports import is_machine_part
from gateway.inbound.sniff import MOST_SURE, Sniffer
from gateway.inbound.split import Node
from gateway.inbound.tnef import SIGNATURE
from gateway.inbound.window import Window
from registry.blobs import BlobStore
from registry.letter.message import Part
from registry.pdf.enclosed import EnclosedFiles

MOST_LISTED: Final = 1000  # lines about the contents of all zips of one mail

_ALARMS: Final = 7  # lines that come before the names
_LONGEST_TYPE: Final = 150
_LONGEST_CONTENT_ID: Final = 250
_PDF: Final = "application/pdf"
_SEALS: Final = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature"})


@dataclass(slots=True)
class Files:
    """The files in the order of the mail, what the raw copy need not hold again, the defects.

    ``subject`` and ``text`` are those of a winmail.dat, "" without one.
    """

    parts: list[Part] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)
    subject: str = ""
    text: str = ""


def store_files(
    window: Window, root: Node, body: Body, blobs: BlobStore, *, all_sure: bool = False,
    enclosed: EnclosedFiles | None = None, letter: Letter | None = None,
) -> Files:  # fmt: skip
    """Put every file of the mail into the store; raises OSError when the disk is full.

    With ``all_sure`` every file is looked at closely, however many there are. Without ``enclosed``
    files in PDFs stay there. ``letter`` is what the mail holds where it is a signature.
    """
    filer = _Filer(window, body, blobs, Sniffer(all_sure=all_sure))
    filer.opener.enclosed = enclosed
    filer.walk(root)
    if letter and letter.signed:
        filer.go_in(letter)
    if filer.sniffer.seen > MOST_SURE and not all_sure:
        filer.files.defects.append(
            f"more than {MOST_SURE} files: the types of the rest by a glance"
        )
    return filer.files


class _Filer:
    def __init__(self, window: Window, body: Body, blobs: BlobStore, sniffer: Sniffer) -> None:
        self.sniffer = sniffer
        self.window = window
        self.body = body
        self.blobs = blobs
        self.files = Files()
        self.opener = Opener(blobs, self.take_out)
        self.listed = 0
        self.position = -1
        self.outer = -1  # the part that is being opened
        self.in_pdf = False  # whether that is a PDF
        self.within: int | None = None  # the signature that the letter stands in

    def walk(self, root: Node) -> None:
        for node in root.walk():
            if node.children and not node.media_type.startswith("message/"):
                continue  # a multipart: its parts come next
            self.leaf(node)

    def go_in(self, letter: Letter) -> None:
        """Go on with the letter that stands in the signature which is all of the mail."""
        whole = letter.structure.complete
        self.files.parts[0] = replace(self.files.parts[0], decoration=whole)
        self.window, self.within = letter.window, self.position
        self.walk(letter.structure.root)

    def leaf(self, node: Node) -> None:
        self.position += 1
        self.outer = self.position
        if self.is_file(node):
            self.store(node)
        if node in self.body.stuffed:
            self.opener.open_text(decoded(self.window, node, decoder_for(node.encoding)))
        self.note(self.outer, self.opener.defects)
        self.opener.defects.clear()

    def is_file(self, node: Node) -> bool:
        if node in self.body.nodes or is_machine_part(node):
            return False
        # Texts of an attached mail, and mails in it, stand in that mail, which is a file itself.
        return not (node.nested and (is_text(node) or node.children))

    def store(self, node: Node) -> None:
        decoder = decoder_for("" if node.children else node.encoding)
        kept = self.opener.bring(decoded(self.window, node, decoder))
        claimed = clean(node.media_type)[:_LONGEST_TYPE]
        kind = claimed if node.children else self.kind_of(kept.head, claimed)
        cid = node.fields.get("content-id").strip(b"<> \t").decode("utf-8", "replace")
        name = name_of(node, kind, len(self.files.parts) + 1)
        part = self.part(name, kind, claimed, cid, kept)
        self.add(replace(part, decoration=_is_seal(node, kind), taken_from=self.within))
        self.note(self.position, (*decoder.defects, *(f"name: {one}" for one in name.guesses)))
        if self.within is None and _worth_cutting(node, kept):
            encoding = "base64" if node.encoding == "base64" else "bytes"
            piece = Piece(node.start, node.end, kept.sha256, kept.size, encoding)
            self.files.pieces.append(piece)
        if kept.head.startswith(SIGNATURE):
            self.open_tnef(len(self.files.parts) - 1, kept)
        else:
            self.open_pdf(self.files.parts[-1])

    def open_tnef(self, at: int, kept: Brought) -> None:
        """Open the winmail.dat that is file ``at``; hide it if all of it came out."""
        known = bool(self.body.text.strip() or self.files.text)
        tnef = self.opener.open_tnef(kept.sha256, text_is_known=known)
        self.files.subject = self.files.subject or tnef.subject
        self.files.text = self.files.text or tnef.text.strip()
        if tnef.whole:
            self.files.parts[at] = replace(self.files.parts[at], decoration=True)

    def take_out(self, found: Found) -> None:
        """Describe a file that lay inside the part at hand."""
        self.position += 1
        claimed = found.claimed_type[:_LONGEST_TYPE]
        kind = self.kind_of(found.kept.head, claimed)
        name = named(found.name, (kind, claimed), len(self.files.parts) + 1)
        part = self.part(name, kind, claimed, found.content_id, found.kept)
        self.add(replace(part, taken_from=self.outer))
        self.open_pdf(self.files.parts[-1])

    def open_pdf(self, part: Part) -> None:
        """Open this file if it is a PDF of the letter itself, not one out of another."""
        if part.media_type != _PDF or self.in_pdf:
            return
        outer, known = self.outer, len(self.opener.defects)
        self.outer, self.in_pdf = part.position, True
        self.opener.open_pdf(part.sha256, part.bytes)
        self.outer, self.in_pdf = outer, False
        self.note(part.position, self.opener.defects[known:])
        del self.opener.defects[known:]

    def kind_of(self, head: bytes, claimed: str) -> str:
        return self.sniffer.media_type(head, claimed)[:_LONGEST_TYPE]

    def part(self, name: Name, kind: str, claimed: str, cid: str, kept: Brought) -> Part:
        cid = clean(cid)[:_LONGEST_CONTENT_ID]
        return Part(
            position=self.position,
            name=name.safe,
            original_name=name.given,
            media_type=kind,
            claimed_type=claimed,
            bytes=kept.size,
            sha256=kept.sha256,
            inline=kind.startswith("image/") and self.body.shows(cid),
            content_id=cid,
        )

    def add(self, part: Part) -> None:
        listing = list_contents(self.blobs, part)
        # The alarms come first; the names of a hundred zips would be more than anybody reads.
        lines = listing.lines[: max(MOST_LISTED - self.listed, _ALARMS)]
        self.listed += len(lines)
        self.files.parts.append(replace(part, contents=lines))
        self.note(part.position, listing.defects)

    def note(self, position: int, defects: Iterable[str]) -> None:
        self.files.defects += [f"part {position}: {text}" for text in defects]


def _worth_cutting(node: Node, kept: Brought) -> bool:
    """Whether the raw copy may do without this file."""
    plain = not node.children and node.encoding != "quoted-printable"
    return plain and kept.size > WORTH_CUTTING


def _is_seal(node: Node, kind: str) -> bool:
    """Whether this is the signature of the letter itself, by its place and by what it is."""
    around = node.parent
    if around is None or around.media_type != "multipart/signed" or node.nested:
        return False
    return kind in _SEALS and around.children[1:] == [node]
