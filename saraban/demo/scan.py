"""A large scan for the demonstration: a PDF of one page whose picture fills the bytes asked for.

The picture is grey noise, kept uncompressed, as a careless scanner would; any PDF reader opens it.
"""

import random
from collections.abc import Iterator

HEAD = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"
WIDTH = 4000
PAGE = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
    b"/Resources << /XObject << /Im0 5 0 R >> >> /Contents 4 0 R >>"
)


def scan(size: int) -> bytes:
    """Give a PDF of about ``size`` bytes, never fewer; always the same for the same size."""
    rows = -(-size // WIDTH)
    content = b"q 595 0 0 842 0 0 cm /Im0 Do Q"
    picture = (
        f"<< /Type /XObject /Subtype /Image /Width {WIDTH} /Height {rows} /ColorSpace /DeviceGray "
        f"/BitsPerComponent 8 /Length {WIDTH * rows} >>"
    ).encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        PAGE,
        _stream(f"<< /Length {len(content)} >>".encode(), content),
        _stream(picture, random.Random(rows).randbytes(WIDTH * rows)),  # noqa: S311 - a picture
    ]
    return b"".join(_document(objects))


def _stream(head: bytes, content: bytes) -> bytes:
    return head + b"\nstream\n" + content + b"\nendstream"


def _document(objects: list[bytes]) -> Iterator[bytes]:
    at = len(HEAD)
    places = []
    yield HEAD
    for number, body in enumerate(objects, 1):
        text = b"%d 0 obj\n" % number + body + b"\nendobj\n"
        places.append(at)
        at += len(text)
        yield text
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    yield b"xref\n0 %d\n0000000000 65535 f \n" % count + table
    yield b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, at)
