"""Files that lie inside other files of a mail: of a winmail.dat, of a PDF, or written into a text.

They are brought into the store like any other, one after another, in flat memory; what is done
with each is the caller's. At most 500 of one mail are taken out: the rest stays where it is.
Archives are only listed, never unpacked.

A PDF is opened only if its bytes say that files lie in it, and in a process apart. Since these may
be packed, what comes out is bounded by the size of the PDF, so that small mails fill no disk. One
whose writer left out the type of such a file (optional in ISO 32000-1 7.11.4) is not seen here.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from gateway.inbound.charset import clean, read_text
from gateway.inbound.sniff import ENOUGH
from gateway.inbound.tnef import Tnef, TnefFile, read_tnef
from gateway.inbound.uuencode import taken_apart
from gateway.inbound.zips import Listing, list_zip
from registry.blobs import BlobStore
from registry.letter.message import Part
from registry.pdf.enclosed import EnclosedFiles

MOST_PDFS: Final = 6  # of one mail that are opened
SWOLLEN: Final = 10
"""Times its own size, beside :data:`SPARE` bytes, that may come out of a PDF."""
SPARE: Final = 5_000_000
MOST_TAKEN_OUT: Final = 500

_ZIP: Final = frozenset(
    {"application/zip", "application/x-zip-compressed", "application/java-archive"}
)
_OFFICE: Final = ("application/vnd.openxmlformats-", "application/vnd.oasis.opendocument.")
_IN_A_PDF: Final = (b"/EmbeddedFile", b"/FileAttachment")
_BLOCK: Final = 1 << 20
_LONGEST_MARK: Final = max(map(len, _IN_A_PDF))
_MOST_OF_PDFS: Final = 100_000_000  # bytes out of all PDFs of a mail
_NOT_ALL: Final = "files in this PDF were not all taken out"
_TOO_MANY: Final = f"more than {MOST_TAKEN_OUT} files inside others: the rest is not listed"


@dataclass(frozen=True, slots=True)
class Brought:
    """A file in the store: its digest, its size, and its beginning to look at."""

    sha256: str
    size: int
    head: bytes


@dataclass(frozen=True, slots=True)
class Found:
    """A file that lay inside another: what it is called there, and where it is now."""

    name: str
    claimed_type: str
    content_id: str
    kept: Brought


class Incoming:
    """One file on its way into the store; dropped unless kept."""

    def __init__(self, blobs: BlobStore) -> None:
        self._staged = blobs.stage()
        self._head = bytearray()

    def write(self, data: bytes, /) -> None:
        """Take the next bytes; a full disk raises OSError."""
        self._staged.write(data)
        self._head += data[: ENOUGH - len(self._head)]

    def keep(self) -> Brought:
        """Put it into the store for good."""
        return Brought(self._staged.keep(), self._staged.size, bytes(self._head))

    def drop(self) -> None:
        """Forget it; harmless after :meth:`keep`."""
        self._staged.drop()


@dataclass(slots=True)
class Opener:
    """Takes files out of the parts of one mail; ``take`` is called for each."""

    blobs: BlobStore
    take: Callable[[Found], None]
    enclosed: EnclosedFiles | None = None  # without it PDFs stay closed
    taken: int = 0
    defects: list[str] = field(default_factory=list)
    _pdfs: int = 0
    _left: int = _MOST_OF_PDFS

    def bring(self, blocks: Iterable[bytes]) -> Brought:
        """Keep these bytes."""
        incoming = Incoming(self.blobs)
        try:
            for block in blocks:
                incoming.write(block)
            return incoming.keep()
        finally:
            incoming.drop()

    def open_tnef(self, sha256: str, *, text_is_known: bool) -> Tnef:
        """Take the files out of a winmail.dat in the store.

        Its text in RTF becomes a file too, if the mail says nothing otherwise.
        """
        with self.blobs.open(sha256) as file:
            tnef = read_tnef(file)
            files = tnef.files
            if tnef.rtf and not text_is_known:
                files = [TnefFile("", "application/rtf", "", tnef.rtf), *files]
            for one in files:
                if not self.room():
                    tnef.whole = False
                    break
                found = self.bring(one.blocks(file))
                self.take(Found(clean(one.name), clean(one.media_type), one.content_id, found))
        self.defects += tnef.defects
        return tnef

    def open_pdf(self, sha256: str, size: int) -> None:
        """Take the files out of a PDF in the store, if it says that it holds any."""
        if self.enclosed is None or not self._holds_files(sha256):
            return
        self._pdfs += 1
        if self._pdfs > MOST_PDFS:
            self.defects.append(_NOT_ALL)
            return
        all_of_it = True
        most = min(self._left, SPARE + SWOLLEN * size)
        for one in self.enclosed.of(self.blobs.path(sha256), size, most):
            if one.data is None or not self.room():
                all_of_it = False
                continue
            self._left -= len(one.data)
            found = self.bring([one.data])
            self.take(Found(clean(one.name), "application/octet-stream", "", found))
        if not all_of_it:
            self.defects.append(_NOT_ALL)

    def _holds_files(self, sha256: str) -> bool:
        with self.blobs.open(sha256) as file:
            before = b""
            while block := file.read(_BLOCK):
                near = before + block
                if any(mark in near for mark in _IN_A_PDF):
                    return True
                before = block[-_LONGEST_MARK:]
        return False

    def open_text(self, blocks: Iterator[bytes]) -> None:
        """Take the uuencoded files out of a text; what they break off at stands in the text."""
        opened: list[_Uuencoded] = []

        def open_file(name: bytes) -> "_Uuencoded":
            opened.append(_Uuencoded(self, name))
            return opened[-1]

        try:
            for _ in taken_apart(blocks, open_file):
                pass
        finally:
            for one in opened:
                one.incoming.drop()

    def room(self) -> bool:
        """Whether one more file may be taken out; says once when none may."""
        self.taken += 1
        if self.taken == MOST_TAKEN_OUT + 1:
            self.defects.append(_TOO_MANY)
        return self.taken <= MOST_TAKEN_OUT


class _Uuencoded:
    """A uuencoded file while it comes."""

    def __init__(self, opener: Opener, name: bytes) -> None:
        self.incoming = Incoming(opener.blobs)
        self._opener = opener
        self._name = name

    def write(self, data: bytes, /) -> None:
        self.incoming.write(data)

    def close(self, *, whole: bool) -> None:
        if not self._opener.room():
            self.incoming.drop()
            return
        name = read_text(self._name)
        self._opener.take(Found(name.text, "application/octet-stream", "", self.incoming.keep()))
        if name.guess:
            self._opener.defects.append(f"name: {name.guess}")
        if not whole:
            self._opener.defects.append("a uuencoded file breaks off")


def list_contents(blobs: BlobStore, part: Part) -> Listing:
    """Say what a zip holds; of a document that is a zip inside only what is wrong with it."""
    office = part.media_type.startswith(_OFFICE)
    if not office and part.media_type not in _ZIP:
        return Listing((), ())
    with blobs.open(part.sha256) as file:
        listing = list_zip(file)
    return Listing((), listing.defects) if office else listing
