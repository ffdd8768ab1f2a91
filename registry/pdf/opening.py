"""Opening a PDF for pdfium, also one that lies in memory only, as those of secret letters do.

pypdfium2 follows links before it opens a file; behind ``/proc/…/fd/…`` of what has no name on any
disk there is nothing to follow. Such a file is read through its open handle.
"""

from pathlib import Path

import pypdfium2


def open_pdf(path: Path) -> pypdfium2.PdfDocument:
    """Open a PDF; close it. Raises PdfiumError for what is none, or is locked; OSError."""
    if path.resolve().is_file():
        return pypdfium2.PdfDocument(path)
    file = path.open("rb")
    try:
        return pypdfium2.PdfDocument(file, autoclose=True)
    except pypdfium2.PdfiumError:
        file.close()
        raise
