"""The receive stamp on a copy of a PDF; what came is read, and never written.

The stamp is added to the first page as the file's next revision (ISO 32000-1 7.5.6): the copy is
the file as it came with a few kilobytes behind it, so that a file of any size costs no memory, and
of a signed file it can still be seen what was signed. The copy of a signed file says that it is a
copy. Files that only forbid changes open with the empty password, and stay enciphered as they are;
behind a real password there is no copy. What pyHanko cannot take apart, pypdf writes anew as far as
it can be read.

Runs in the process that may fall over (:mod:`registry.texts.child`).
"""

import io
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, NamedTuple

import pypdfium2
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.crypt import AuthStatus
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

from registry.letter.stamp import Stamp
from registry.pdf.stamp_face import WIDTH, draw_stamp, height_of
from registry.pdf.stamp_place import Place, find_place
from registry.texts.extract import Unreadable

LOCKED: Final = "ไฟล์ PDF มีรหัสผ่าน จึงประทับตราบนสำเนาไม่ได้ โปรดขอไฟล์ที่เปิดได้จากผู้ส่ง"
BROKEN: Final = "ไฟล์ PDF เสียหายหรือไม่สมบูรณ์ จึงประทับตราบนสำเนาไม่ได้"
COPY: Final = "สำเนา – ต้นฉบับลงลายมือชื่อดิจิทัล"
_MARK: Final = b"/ByteRange"  # in the clear in every signed PDF
_MM: Final = 72 / 25.4
_MOST_REWRITTEN: Final = 150_000_000  # bytes of a file that is written anew in memory
_SHARE: Final = 0.6  # of a small page's width or height that a stamp may take


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


def stamped(path: Path, stamp: Stamp) -> tuple[dict[str, Any], bytes]:
    """Give what is told of a stamped copy, and its bytes.

    Told are ``behind`` (the bytes go behind the file as it came; else they are the copy),
    ``signed`` and ``moved`` (from the corner). Raises Unreadable, which says in Thai why there is
    no copy; OSError, MemoryError.
    """
    try:
        return _added(path, stamp)
    except (Unreadable, OSError, MemoryError):
        raise
    except Exception as error:  # pyHanko raises anything at all on broken files
        if path.stat().st_size > _MOST_REWRITTEN:
            raise Unreadable(BROKEN) from error
    try:
        return _written_anew(path, stamp)
    except (Unreadable, OSError, MemoryError):
        raise
    except Exception as error:
        raise Unreadable(BROKEN) from error


def _added(path: Path, stamp: Stamp) -> tuple[dict[str, Any], bytes]:
    """Add the stamp as the file's next revision, and give only what is added."""
    with path.open("rb") as file:
        writer = IncrementalPdfFileWriter(file, strict=False)
        reader = writer.prev
        if reader.encrypted and writer.encrypt("").status is AuthStatus.FAILED:
            raise Unreadable(LOCKED)
        signed = _is_signed(reader)
        page, _ = writer.find_page_for_modification(0)
        sheet = sheet_of(_inherited(page.get_object()))
        matrix, drawn, moved = _fitted(path, sheet, stamp, signed=signed)
        form = writer.import_page_as_xobject(PdfFileReader(io.BytesIO(drawn)))
        _hang(writer, page.get_object(), form, matrix)
        out = _Tail(path.stat().st_size)
        writer.write(out)
        return {"behind": True, "signed": signed, "moved": moved}, bytes(out.kept)


def _hang(
    writer: IncrementalPdfFileWriter, page: generic.DictionaryObject, form: generic.PdfObject,
    matrix: str,
) -> None:  # fmt: skip
    """Show a form on a page, after all that is on it and whatever state that leaves behind."""
    name = "/SarabanStamp"
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


def _fitted(path: Path, sheet: Sheet, stamp: Stamp, *, signed: bool) -> tuple[str, bytes, bool]:
    """Draw the stamp and say how it is laid on the page: a matrix, the drawing, if it was moved."""
    if signed:
        stamp = replace(stamp, note=COPY)
    wide, high = sheet.shown
    width, height = WIDTH * _MM / sheet.unit, height_of(stamp) * _MM / sheet.unit
    shrunk = min(1.0, _SHARE * wide / width, _SHARE * high / height)
    place = _place(path, width * shrunk, height * shrunk, sheet)
    return matrix_of(sheet, place, shrunk / sheet.unit), draw_stamp(stamp), place.moved


def _place(path: Path, width: float, height: float, sheet: Sheet) -> Place:
    """Look for a free place; a page that cannot be drawn has its stamp in the corner."""
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError:
        wide, high = sheet.shown
        return Place(max(wide - width - 8 * _MM, 0), max(high - height - 6 * _MM, 0), moved=False)
    try:
        return find_place(document[0], width, height, sheet.unit)
    finally:
        document.close()


def matrix_of(sheet: Sheet, place: Place, scale: float) -> str:
    """Give the matrix that lays a drawing upright at a place of a page as it is shown."""
    x, y, s = place.x, place.y, scale
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


def sheet_of(of: Callable[[str], Any]) -> Sheet:
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
        raise Unreadable(BROKEN)
    return sheet


def _box(value: Any) -> tuple[float, float, float, float] | None:
    try:
        a, b, c, d = (float(one) for one in value)
    except (TypeError, ValueError):
        return None
    found = min(a, c), min(b, d), max(a, c), max(b, d)
    return found if all(map(math.isfinite, found)) else None


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


def _written_anew(path: Path, stamp: Stamp) -> tuple[dict[str, Any], bytes]:
    """Write the file anew with its stamp, as far as pypdf can read it."""
    from pypdf import PdfReader, PdfWriter, Transformation

    data = path.read_bytes()
    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise Unreadable(LOCKED)
    writer = PdfWriter(clone_from=reader)
    page = writer.pages[0]
    sheet = sheet_of(lambda key: page.get(key) if key == "/UserUnit" else _of_pypdf(page, key))
    signed = _MARK in data
    matrix, drawn, moved = _fitted(path, sheet, stamp, signed=signed)
    numbers = tuple(float(one) for one in matrix.split())
    face = PdfReader(io.BytesIO(drawn)).pages[0]
    page.merge_transformed_page(face, Transformation(numbers))  # type: ignore[arg-type]
    out = io.BytesIO()
    writer.write(out)
    return {"behind": False, "signed": signed, "moved": moved}, out.getvalue()


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
