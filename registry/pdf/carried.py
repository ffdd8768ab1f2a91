"""What is told of a PDF's inner files and commands: their text for search, and notes for officers.

An inner file is read as if it had come by itself, once: what lies in a PDF within a PDF is not, nor
what was taken out of the PDF and is read by itself.
Nothing that is odd here keeps the pages from being read.
"""

import hashlib
import mimetypes
import os
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Final

from pypdf import PdfReader

from registry.pdf.inside import Inner, commands_in, files_in
from registry.texts.extract import Bounds, Unreadable

_TOLD: Final = 5  # names of inner files


def besides(document: PdfReader, bounds: Bounds) -> tuple[list[str], list[str]]:
    """Give notes for officers, in Thai, and the text of each inner file. Raises OSError."""
    notes: list[str] = []
    try:
        if commands := commands_in(document):
            notes.append(warning_of(commands))
        files = list(files_in(document))
    except OSError:
        raise
    except Exception:  # noqa: BLE001 - pypdf raises anything at all on broken files
        return notes, []
    if files:
        more = ", …" if len(files) > _TOLD else ""
        named = ", ".join(one.name for one in files[:_TOLD])
        notes.append(f"มีไฟล์แนบอยู่ใน PDF: {named}{more}")
    known = frozenset(bounds.beside)
    return notes, [_text_of(one, bounds) for one in files if _digest(one) not in known]


def warning_of(commands: list[str]) -> str:
    """Say in Thai that a file has these commands, and that nothing of them is done."""
    return f"คำเตือน: ไฟล์มีคำสั่งฝังไว้ ({', '.join(commands)}) ระบบไม่เรียกใช้"


def _digest(one: Inner) -> str:
    return hashlib.sha256(one.data).hexdigest() if one.data is not None else ""


def _text_of(one: Inner, bounds: Bounds) -> str:
    """Give the name of an inner file and what it says, as far as it can be read."""
    from registry.texts.kinds import read_file

    media_type = mimetypes.guess_type(one.name)[0] or ""
    if one.data is None or not bounds.inner:
        return one.name
    with tempfile.TemporaryFile() as file:  # no name: it goes with a process that is killed
        file.write(one.data)
        file.flush()
        path = Path(f"/proc/{os.getpid()}/fd/{file.fileno()}")
        try:
            said = read_file(path, media_type, replace(bounds, inner=False))
        except (Unreadable, LookupError):
            return one.name
    return f"{one.name}\n{said.text}".strip()
