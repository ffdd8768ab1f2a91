"""Files that an office does not take (``attachments.forbidden_types``), and files falsely named.

An entry of the setting is a media type (``application/x-dosexec``), a group of them (``video/*``)
or an ending (``.exe``). A file is judged by what its bytes are, by what the mail claims, and by its
name; one of the three is enough. Programs have many media types: to forbid one of them forbids all.

A file whose bytes are of another kind than its name or its mail says is told to officers in Thai,
forbidden or not: ไฟล์ … อ้างว่าเป็น PDF แต่เป็นโปรแกรม. Only kinds that are sure are held against each
other; a Word file that is only seen to be a zip is no lie.
"""

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Final

from registry.letter.message import Part

_PROGRAMS: Final = frozenset(
    {
        "application/x-dosexec", "application/x-msdownload", "application/x-executable",
        "application/x-pie-executable", "application/x-sharedlib", "application/x-mach-binary",
        "application/vnd.microsoft.portable-executable", "application/x-ms-installer",
        "text/x-msdos-batch", "text/x-shellscript",
    }
)  # fmt: skip
_PREFIXES: Final = {
    "application/pdf": "PDF",
    "application/zip": "ไฟล์บีบอัด",
    "application/x-rar": "ไฟล์บีบอัด",
    "application/x-7z": "ไฟล์บีบอัด",
    "application/gzip": "ไฟล์บีบอัด",
    "application/msword": "เอกสาร Office",
    "application/vnd.openxmlformats-": "เอกสาร Office",
    "application/vnd.ms-": "เอกสาร Office",
    "application/vnd.oasis.opendocument.": "เอกสาร Office",
    "text/html": "หน้าเว็บ",
    "image/": "ภาพ",
    "video/": "วิดีโอ",
    "audio/": "เสียง",
}
_ENDINGS: Final = {
    "PDF": ("pdf",),
    "โปรแกรม": ("exe", "com", "scr", "bat", "cmd", "msi", "dll", "ps1", "sh", "vbs", "js"),
    "ไฟล์บีบอัด": ("zip", "rar", "7z", "gz"),
    "เอกสาร Office": ("doc", "docx", "xls", "xlsx", "ppt", "pptx", "odt", "ods", "odp"),
    "หน้าเว็บ": ("htm", "html"),
    "ภาพ": ("jpg", "jpeg", "png", "gif", "tif", "tiff", "bmp", "webp"),
    "วิดีโอ": ("mp4", "avi", "mov", "mkv"),
    "เสียง": ("mp3", "wav", "m4a"),
}
_BY_ENDING: Final = {ending: kind for kind, endings in _ENDINGS.items() for ending in endings}
_ALIKE: Final = (
    {"ไฟล์บีบอัด", "เอกสาร Office"},  # an OOXML file is a zip
    {"วิดีโอ", "เสียง"},
)


class Forbidden:
    """The entries of one setting."""

    def __init__(self, entries: Iterable[str]) -> None:
        named = [entry.strip().casefold() for entry in entries]
        self._endings = frozenset(one for one in named if one.startswith("."))
        self._groups = tuple(one[:-1] for one in named if one.endswith("/*"))
        types = frozenset(one for one in named if "/" in one and not one.endswith("/*"))
        self._types = types | (_PROGRAMS if types & _PROGRAMS else frozenset())

    def among(self, types: Iterable[str], names: Iterable[str]) -> str:
        """Give the type or ending for which a file of these types and names is forbidden, or ""."""
        for one in types:
            kind = one.casefold()
            if kind in self._types or kind.startswith(self._groups or ("\0",)):
                return kind
        return next((end for name in names if (end := ending_of(name)) in self._endings), "")


def ending_of(name: str) -> str:
    """Give the ending of a name as Windows sees it, in small letters with its dot, or ""."""
    return PurePosixPath(name.rstrip(". \t\0")).suffix.casefold()


def falsely_named(parts: Iterable[Part]) -> Iterator[str]:
    """Tell in Thai of each file whose bytes are another kind than it claims to be."""
    for part in parts:
        found = _kind(part.media_type)
        for claim in (_BY_ENDING.get(ending_of(part.name)[1:], ""), _kind(part.claimed_type)):
            if claim and found and claim != found and {claim, found} not in _ALIKE:
                yield f"ไฟล์ “{part.name}” อ้างว่าเป็น {claim} แต่เป็น{found}"
                break


def _kind(media_type: str) -> str:
    if media_type in _PROGRAMS:
        return "โปรแกรม"
    return next((kind for start, kind in _PREFIXES.items() if media_type.startswith(start)), "")
