"""Something drawn over the first page of a PDF, on a copy; what came is read, and never written.

It is added as the file's next revision (ISO 32000-1 7.5.6): the copy is the file as it came with a
few kilobytes behind it, so that a file of any size costs no memory, and of a signed file it can
still be seen what was signed. Files that only forbid changes open with the empty password, and stay
enciphered as they are. What pyHanko cannot take apart, pypdf writes anew as far as it can be read.

Runs in the process that may fall over (:mod:`registry.texts.child`).
"""

import io
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.crypt import AuthStatus
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

from registry.pdf.ending import is_cut_off
from registry.texts.extract import Unreadable

_MARK: Final = b"/ByteRange"  # in the clear in every signed PDF
_MOST_REWRITTEN: Final = 150_000_000  # bytes of a file that is written anew in memory


class Sheet(NamedTuple):
    """The first page: its box as shown, in its own units, how it is turned, and its UserUnit."""

    left: float
    bottom: float
    right: float
    top: float
    turned: int
    unit: float

    @property
    def shown(self) -> tuple[float, float]:
        """Width and height as shown."""
        wide, high = self.right - self.left, self.top - self.bottom
        return (high, wide) if self.turned % 180 else (wide, high)


class Drawing(NamedTuple):
    """A PDF of one page, the matrix that lays it on a page, and what is told of it.

    ``grown`` is by how many units the page becomes higher at its upper edge as shown.
    """

    matrix: str
    page: bytes
    told: dict[str, Any]
    grown: float = 0.0


Draw = Callable[[Sheet, bool], Drawing]
"""Draws for a page, and is told whether its file bears digital signatures."""


class Overlay(NamedTuple):
    """How a drawing goes over a page: its name among the page's resources, and what is refused.

    ``locked`` and ``broken`` say in Thai that a password is asked for, that nothing can be read.
    """

    name: str
    locked: str
    broken: str
    draw: Draw


def laid_over(path: Path, overlay: Overlay) -> tuple[dict[str, Any], bytes]:
    """Give what is told of a copy with the drawing over its first page, and its bytes.

    Told are ``behind`` (the bytes go behind the file as it came; else they are the copy),
    ``signed`` and what the drawing tells. Raises Unreadable, which says in Thai why there is no
    copy; OSError, MemoryError.
    """
    with path.open("rb") as file:
        if is_cut_off(file):
            raise Unreadable(overlay.broken)
    try:
        return _added(path, overlay)
    except (Unreadable, OSError, MemoryError):
        raise
    except Exception as error:  # pyHanko raises anything at all on broken files
        if path.stat().st_size > _MOST_REWRITTEN:
            raise Unreadable(overlay.broken) from error
    try:
        return _written_anew(path, overlay)
    except (Unreadable, OSError, MemoryError):
        raise
    except Exception as error:
        raise Unreadable(overlay.broken) from error


def _added(path: Path, overlay: Overlay) -> tuple[dict[str, Any], bytes]:
    """Add the drawing as the file's next revision, and give only what is added."""
    with path.open("rb") as file:
        writer = IncrementalPdfFileWriter(file, strict=False)
        reader = writer.prev
        if reader.encrypted and writer.encrypt("").status is AuthStatus.FAILED:
            raise Unreadable(overlay.locked)
        signed = _is_signed(reader)
        page, _ = writer.find_page_for_modification(0)
        said = _inherited(page.get_object())
        sheet = _sheet(said, overlay.broken)
        drawing = overlay.draw(sheet, signed)
        for name, box in _grown(sheet, said("/MediaBox"), drawing.grown).items():
            page.get_object()[generic.pdf_name(name)] = generic.ArrayObject(
                generic.FloatObject(side) for side in box
            )
        form = writer.import_page_as_xobject(PdfFileReader(io.BytesIO(drawing.page)))
        _hang(writer, page.get_object(), form, drawing.matrix, overlay.name)
        out = _Tail(path.stat().st_size)
        writer.write(out)
        return {"behind": True, "signed": signed, **drawing.told}, bytes(out.kept)


def _hang(
    writer: IncrementalPdfFileWriter, page: generic.DictionaryObject, form: generic.PdfObject,
    matrix: str, name: str,
) -> None:  # fmt: skip
    """Show a form on a page, after all that is on it and whatever state that leaves behind."""
    before = writer.add_object(generic.StreamObject(stream_data=b"q\n"))
    after = f"\nQ q {matrix} cm {name} Do Q\n".encode("ascii")
    behind = writer.add_object(generic.StreamObject(stream_data=after))
    if "/Contents" not in page:
        page[generic.pdf_name("/Contents")] = generic.ArrayObject()
    writer.add_stream_to_page(0, before, prepend=True)
    resources = generic.DictionaryObject({
        generic.pdf_name("/XObject"): generic.DictionaryObject({generic.pdf_name(name): form})
    })  # fmt: skip
    writer.add_stream_to_page(0, behind, resources=resources)


def matrix_of(sheet: Sheet, x: float, y: float, scale: float) -> str:
    """Give the matrix that lays a drawing upright at a place of a page as it is shown."""
    s = scale
    numbers: tuple[float, ...]
    match sheet.turned:
        case 90:
            numbers = (0, s, -s, 0, sheet.right - y, sheet.bottom + x)
        case 180:
            numbers = (-s, 0, 0, -s, sheet.right - x, sheet.top - y)
        case 270:
            numbers = (0, -s, s, 0, sheet.left + y, sheet.top - x)
        case _:
            numbers = (s, 0, 0, s, sheet.left + x, sheet.bottom + y)
    return " ".join(f"{number:.5f}" for number in numbers)


def _sheet(of: Callable[[str], Any], broken: str) -> Sheet:
    """Read a page's boxes; ``of`` gives what it or those above it say. Raises Unreadable."""
    media = _box(of("/MediaBox")) or (0.0, 0.0, 595.28, 841.89)
    crop = _box(of("/CropBox")) or media
    left, bottom = max(media[0], crop[0]), max(media[1], crop[1])
    right, top = min(media[2], crop[2]), min(media[3], crop[3])
    if right <= left or top <= bottom:
        left, bottom, right, top = media
    turned = _number(of("/Rotate"), 0.0)
    unit = _number(of("/UserUnit"), 1.0)
    sheet = Sheet(
        left, bottom, right, top, round(turned / 90) * 90 % 360, unit if unit > 0 else 1.0
    )
    if not all(0 < side < 1e7 for side in sheet.shown):
        raise Unreadable(broken)
    return sheet


def _box(value: Any) -> tuple[float, float, float, float] | None:
    try:
        a, b, c, d = (float(one) for one in value)
    except (TypeError, ValueError):
        return None
    found = min(a, c), min(b, d), max(a, c), max(b, d)
    return found if all(map(math.isfinite, found)) else None


def _grown(sheet: Sheet, media: Any, by: float) -> dict[str, tuple[float, float, float, float]]:
    """Give the boxes of a page that grows at its upper edge as shown; none if it does not."""
    if not by:
        return {}
    left, bottom, right, top = sheet[:4]
    match sheet.turned:
        case 90:
            left -= by
        case 180:
            bottom -= by
        case 270:
            right += by
        case _:
            top += by
    shown = left, bottom, right, top
    old = _box(media) or shown
    whole = min(old[0], left), min(old[1], bottom), max(old[2], right), max(old[3], top)
    return {"/MediaBox": whole, "/CropBox": shown}


def _number(value: Any, default: float) -> float:
    try:
        found = float(value)
    except (TypeError, ValueError):
        return default
    return found if math.isfinite(found) else default


def _inherited(page: generic.DictionaryObject) -> Callable[[str], Any]:
    def of(key: str) -> Any:
        node, depth = page, 0
        while depth < 50:
            if key in node:
                return node[key]
            if key == "/UserUnit" or "/Parent" not in node:
                return None
            node, depth = node["/Parent"], depth + 1
        return None

    return of


def _is_signed(reader: PdfFileReader) -> bool:
    try:
        return bool(reader.embedded_signatures)
    except (OSError, MemoryError):
        raise
    except Exception:  # noqa: BLE001 - a field that makes no sense is there all the same
        return True


def _written_anew(path: Path, overlay: Overlay) -> tuple[dict[str, Any], bytes]:
    """Write the file anew with the drawing, as far as pypdf can read it."""
    from pypdf import PdfReader, PdfWriter, Transformation
    from pypdf.generic import NameObject, RectangleObject

    data = path.read_bytes()
    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise Unreadable(overlay.locked)
    writer = PdfWriter(clone_from=reader)
    page = writer.pages[0]
    sheet = _sheet(
        lambda key: page.get(key) if key == "/UserUnit" else _of_pypdf(page, key), overlay.broken
    )
    signed = _MARK in data
    drawing = overlay.draw(sheet, signed)
    numbers = tuple(float(one) for one in drawing.matrix.split())
    for name, box in _grown(sheet, page.mediabox, drawing.grown).items():
        page[NameObject(name)] = RectangleObject(box)
    face = PdfReader(io.BytesIO(drawing.page)).pages[0]
    page.merge_transformed_page(face, Transformation(numbers))  # type: ignore[arg-type]
    out = io.BytesIO()
    writer.write(out)
    return {"behind": False, "signed": signed, **drawing.told}, out.getvalue()


def _of_pypdf(page: Any, key: str) -> Any:
    named = {"/MediaBox": page.mediabox, "/CropBox": page.cropbox, "/Rotate": page.rotation}
    return named[key]


class _Tail(io.RawIOBase):
    """A file of which only what is written behind the first bytes is kept."""

    def __init__(self, known: int) -> None:
        super().__init__()
        self._known, self._place = known, 0
        self.kept = bytearray()

    def writable(self) -> bool:
        """It is written to."""
        return True

    def write(self, data: Any, /) -> int:
        """Take bytes; those of the file itself are let go."""
        view = memoryview(data).cast("B")
        self.kept += view[max(self._known - self._place, 0) :]
        self._place += len(view)
        return len(view)

    def tell(self) -> int:
        """How many bytes were written in all."""
        return self._place
