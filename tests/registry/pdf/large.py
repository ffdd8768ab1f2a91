"""PDFs of hundreds of megabytes that take no room on the disk: most of them is a hole (zeros)."""

from pathlib import Path
from typing import BinaryIO, Final

from tests.registry.texts.papers import stream

_CATALOG: Final = b"<< /Type /Catalog /Pages 2 0 R >>"
_FONT: Final = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
_WORDS: Final = b"BT /F1 12 Tf 50 700 Td (Hello) Tj ET"
_WIDE: Final = 10_000


def with_picture(path: Path, size: int) -> Path:
    """Write a page of words over a picture of ``size`` bytes, a byte a point."""
    high = size // _WIDE
    picture = b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray "
    picture = picture % (_WIDE, high) + b"/BitsPerComponent 8 "
    words = _WORDS + b" q 500 0 0 700 0 0 cm /I Do Q"
    return _written(path, _page(b"4 0 R", b"/XObject << /I 6 0 R >>"), words, picture, size)


def of_one_content(path: Path, size: int) -> Path:
    """Write a page whose content is so many bytes."""
    return _written(path, _page(b"6 0 R"), b"", b"", size)


def cut_off(path: Path, size: int) -> Path:
    """Write a page of words and so many bytes, and neither table nor end."""
    return _written(path, _page(b"4 0 R"), _WORDS, b"", size, whole=False)


def of_many_pages(path: Path, size: int, count: int) -> Path:
    """Write so many pages of words, each with its share of ``size`` bytes in its content."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * at) for at in range(count))
    with path.open("wb") as file:
        places = _Places(file)
        places.put(_CATALOG)
        places.put(b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count))
        places.put(_FONT)
        for at in range(count):
            places.put(_page(b"%d 0 R" % (5 + 2 * at), font=3))
            places.put_hole(b"", size // count, _WORDS)
        places.end()
    return path


def _written(
    path: Path, page: bytes, words: bytes, head: bytes, size: int, *, whole: bool = True
) -> Path:
    with path.open("wb") as file:
        places = _Places(file)
        places.put(_CATALOG)
        places.put(b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
        places.put(page)
        places.put(stream(words))
        places.put(_FONT)
        places.put_hole(head, size, b"" if words else _WORDS)
        if whole:
            places.end()
    return path


def _page(contents: bytes, more: bytes = b"", font: int = 5) -> bytes:
    head = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %s " % contents
    return head + b"/Resources << /Font << /F1 %d 0 R >> %s >> >>" % (font, more)


class _Places:
    """A file to which objects are written, and where each begins."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._begins: list[int] = []
        file.write(b"%PDF-1.5\n")

    def put(self, body: bytes) -> None:
        self._begin()
        self._file.write(body + b"\nendobj\n")

    def put_hole(self, head: bytes, size: int, words: bytes) -> None:
        """Put a stream of these words and ``size`` zeros, which PDF takes for spaces."""
        self._begin()
        self._file.write(b"<< /Length %d %s>>\nstream\n" % (len(words) + size, head) + words)
        self._file.seek(size, 1)
        self._file.write(b"\nendstream\nendobj\n")

    def end(self) -> None:
        at, count = self._file.tell(), len(self._begins) + 1
        table = b"".join(b"%010d 00000 n \n" % place for place in self._begins)
        self._file.write(b"xref\n0 %d\n0000000000 65535 f \n" % count + table)
        trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        self._file.write(trailer % (count, at))

    def _begin(self) -> None:
        self._begins.append(self._file.tell())
        self._file.write(b"%d 0 obj\n" % len(self._begins))
