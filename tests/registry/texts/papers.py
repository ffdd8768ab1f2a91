"""Files as strangers send them: PDFs written by hand, office documents zipped from their parts."""

import zipfile
import zlib
from pathlib import Path

_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def stream(data: bytes, extra: bytes = b"") -> bytes:
    """Give a stream object with these bytes as they are."""
    return b"<< /Length %d %s>>\nstream\n" % (len(data), extra) + data + b"\nendstream"


def pdf(objects: list[bytes], trailer: bytes = b"") -> bytes:
    """Give a PDF of these objects; the first is the catalog."""
    out, places = b"%PDF-1.5\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    end = b"trailer\n<< /Size %d /Root 1 0 R %s>>\nstartxref\n%d\n%%%%EOF\n"
    return out + head + table + end % (len(objects) + 1, trailer, len(out))


def pages(content: bytes, extra: bytes = b"", *, times: int = 1) -> bytes:
    """Give a PDF that shows this content, a stream's bytes, so many times over."""
    kids = b"3 0 R " * times
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
    return pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, times),
            page + b"/Resources << /Font << /F1 5 0 R >> >> >>",
            stream(content, extra),
            _FONT,
        ]
    )


def saying(*operators: bytes, times: int = 1) -> bytes:
    """Give a PDF whose page has these operators in a text object."""
    return pages(b"BT /F1 12 Tf 50 700 Td " + b" ".join(operators) + b" ET", times=times)


def deflate_bomb(size: int) -> bytes:
    """Give a PDF whose page unpacks to so many bytes."""
    block, times, check = b" " * 1_000_000, size // 1_000_000, 1
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    once = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)  # may stand again and again
    for _ in range(times):
        check = zlib.adler32(block, check)
    packed = b"\x78\xda" + once * times + packer.flush() + check.to_bytes(4, "big")
    return pages(packed, b"/Filter /FlateDecode ")


def zipped(path: Path, **members: str | bytes) -> Path:
    """Write a zip; ``__`` in a name is a slash, and .xml is put behind it."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, said in members.items():
            archive.writestr(name.replace("__", "/") + ".xml", said)
    return path


def docx(path: Path, body: str, **more: str) -> Path:
    """Write a Word document with this inside w:body."""
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    return zipped(
        path, word__document=f"<w:document {space}><w:body>{body}</w:body></w:document>", **more
    )


def paragraph(*runs: str) -> str:
    """Give a paragraph of Word, each run apart, as Word cuts Thai."""
    said = "".join(f"<w:r><w:t>{run}</w:t></w:r>" for run in runs)
    return f"<w:p>{said}</w:p>"


def xlsx(path: Path, strings: list[str], *sheets: str) -> Path:
    """Write a workbook: shared strings, and the inside of each sheet's sheetData."""
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    shared = "".join(f"<si><t>{one}</t></si>" for one in strings)
    members: dict[str, str | bytes] = {"xl__sharedStrings": f"<sst {space}>{shared}</sst>"}
    for number, rows in enumerate(sheets, 1):
        name = f"xl__worksheets__sheet{number}"
        members[name] = f"<worksheet {space}><sheetData>{rows}</sheetData></worksheet>"
    return zipped(path, **members)


def odt(path: Path, text: str) -> Path:
    """Write an OpenDocument text with this inside office:text."""
    names = "urn:oasis:names:tc:opendocument:xmlns"
    spaces = f'xmlns:office="{names}:office:1.0" xmlns:text="{names}:text:1.0"'
    spaces += f' xmlns:table="{names}:table:1.0"'
    body = f"<office:body><office:text>{text}</office:text></office:body>"
    content = f"<office:document-content {spaces}>{body}</office:document-content>"
    return zipped(path, content=content)
