"""Which files have text to be read, by their media type, and who reads which."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from registry.texts.extract import SCAN, Bounds, Extract

Reader = Callable[[Path, Bounds], Extract]

_PDF: Final = "application/pdf"
_OFFICE: Final = (
    "application/vnd.openxmlformats-officedocument.",
    "application/vnd.oasis.opendocument.",
    "application/vnd.ms-word.document.macroenabled",
    "application/vnd.ms-excel.sheet.macroenabled",
    "application/vnd.ms-powerpoint.presentation.macroenabled",
)
_PLAIN: Final = frozenset({"text/plain", "text/csv", "text/tab-separated-values"})
_HTML: Final = frozenset({"text/html", "application/xhtml+xml"})
_PICTURE: Final = "image/"


def is_picture(media_type: str) -> bool:
    """Say whether a file is a picture: it has no text before somebody reads it with eyes."""
    return media_type.startswith(_PICTURE)


def has_text(media_type: str) -> bool:
    """Say whether files of this type are read, or wait for a step that reads pictures."""
    return _reader_of(media_type) is not None


def kind_of(media_type: str) -> str:
    """Name the reader of a type in a word: pdf, office, text, html, picture."""
    reader = _reader_of(media_type)
    return "" if reader is None else _KINDS[reader]


def read_file(path: Path, media_type: str, bounds: Bounds) -> Extract:
    """Read one file's text.

    Raises Unreadable, OSError, MemoryError; LookupError for a type that nobody reads.
    """
    reader = _reader_of(media_type)
    if reader is None:
        raise LookupError(f"no reader for {media_type}")
    return reader(path, bounds)


def _reader_of(media_type: str) -> Reader | None:
    """Give the reader of a type; its libraries are loaded when it reads."""
    if media_type == _PDF:
        return _read_pdf
    if media_type.lower().startswith(_OFFICE):
        return _read_office
    if media_type in _PLAIN or media_type in _HTML:
        return _read_text if media_type in _PLAIN else _read_html
    return _look_at_picture if is_picture(media_type) else None


def _read_pdf(path: Path, bounds: Bounds) -> Extract:
    from registry.pdf.read import read_pdf

    return read_pdf(path, bounds)


def _read_office(path: Path, bounds: Bounds) -> Extract:
    from registry.texts.office import read_office

    return read_office(path, bounds)


def _read_text(path: Path, bounds: Bounds) -> Extract:
    from registry.texts.plain import read_plain

    return read_plain(path, bounds)


def _read_html(path: Path, bounds: Bounds) -> Extract:
    from registry.texts.plain import read_html

    return read_html(path, bounds)


def _look_at_picture(path: Path, bounds: Bounds) -> Extract:
    from registry.pdf.sight import sheets_in

    pages = min(sheets_in(path), bounds.pages)
    return Extract("none", ("",) * pages, SCAN, unseen=tuple(range(1, pages + 1)))


_KINDS: Final[dict[Reader, str]] = {
    _read_pdf: "pdf",
    _read_office: "office",
    _read_text: "text",
    _read_html: "html",
    _look_at_picture: "picture",
}
