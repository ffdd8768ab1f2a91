"""PDFs that carry files, for tests."""

import io
from collections.abc import Mapping

from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject

from tests.registry.texts import papers

BOMB = b" " * 90_000_000


def carrying(files: Mapping[str, bytes], password: str = "") -> bytes:
    """Give a PDF of one page in which these files lie, packed; they come in order of their names.

    It opens with the password.
    """
    writer = PdfWriter(clone_from=io.BytesIO(papers.saying(b"(Hello) Tj")))
    for name, data in files.items():
        held = writer.add_attachment(name, data).pdf_object["/EF"].get_object()
        writer._replace_object(held.raw_get("/F"), held["/F"].flate_encode())
    if password:
        writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def pinned(name: str, data: bytes) -> bytes:
    """Give a PDF in which a file is pinned to the page, as a note (ISO 32000-1 12.5.6.15)."""
    writer = PdfWriter(clone_from=io.BytesIO(carrying({name: data})))
    tree = writer.root_object["/Names"]["/EmbeddedFiles"]  # type: ignore[index]
    spec = tree["/Names"][1]
    del writer.root_object["/Names"]
    note = DictionaryObject(
        {NameObject("/Subtype"): NameObject("/FileAttachment"), NameObject("/FS"): spec}
    )
    writer.pages[0][NameObject("/Annots")] = ArrayObject([note])
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def named_of_old(name: bytes, data: bytes) -> bytes:
    """Give a PDF with a file whose name is bytes of some code page."""
    body = [
        b"<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [(a) 4 0 R] >> >> >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>",
        b"<< /Type /Filespec /F (%s) /EF << /F 5 0 R >> >>" % name,
        papers.stream(data, b"/Type /EmbeddedFile "),
    ]
    return papers.pdf(body)
