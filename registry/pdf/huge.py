"""Pictures on a page that are too large to be unpacked: asked for before anything is drawn.

pdfium unpacks all of a picture to draw any of it, also to draw it small, and takes its process with
it when the memory is over.
"""

import ctypes
from typing import Final

import pypdfium2
import pypdfium2.raw as pdfium

MOST_HELD: Final = 120_000_000
"""Pixels of a picture before it is made small; A1 at 300 dots an inch has 70 million."""
_DEEP: Final = 5  # forms within forms that are looked through


def has_huge_picture(leaf: pypdfium2.PdfPage) -> bool:
    """Say whether a page shows a picture of more than :data:`MOST_HELD` pixels."""
    wide, high = ctypes.c_uint(), ctypes.c_uint()
    for one in leaf.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=_DEEP):
        known = pdfium.FPDFImageObj_GetImagePixelSize(one, wide, high)
        if known and wide.value * high.value > MOST_HELD:
            return True
    return False
