"""Files that lie in a PDF, taken out of it one by one before its letter is entered.

What a PDF carries (ISO 32000-1 7.11.4) becomes a file of its letter. It is opened by pypdf, in a
process that may fall over (:mod:`registry.apart`) and that stays for the next file of the same PDF;
one that brings it down costs itself, and the others are asked for anew.

Limits: twenty files of a PDF, twenty megabytes of each (:mod:`registry.pdf.inside`), together what
the caller allows; :data:`SECONDS` for all. What lies in a PDF within a PDF is left there, and so is
all of a PDF over :data:`LARGEST`, or behind a password.
"""

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from registry import faults
from registry.apart import Answer, Apart, Died, Over, serve

MOST_FILES: Final = 20
LARGEST: Final = 200_000_000
SECONDS: Final = 8.0
"""Of wall clock for all files of one PDF; a file may take a quarter of it as CPU time."""

_MEMORY: Final = 500_000_000
_DEATHS: Final = 2  # over one PDF
_LONGEST: Final = 1000  # characters of a name


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file in a PDF: what it is called there, and its bytes; None where they did not come out."""

    name: str
    data: bytes | None


class EnclosedFiles:
    """Takes files out of PDFs, in a process that is started when it is needed. Close it."""

    def __init__(self) -> None:
        self._apart: Apart | None = None

    def of(self, path: Path, size: int, most: int) -> Iterator[Enclosed]:
        """Give the files in the PDF of ``size`` bytes there, together ``most`` bytes at most.

        One without data and name stands for all that were not looked at any more.
        """
        ends, deaths = time.monotonic() + SECONDS, 0
        for number in range(MOST_FILES + 1):
            wait = ends - time.monotonic()
            if size > LARGEST or wait <= 0 or deaths == _DEATHS:
                break
            try:
                facts, data = self._ask(path, number, most, wait)
            except (Died, Over):
                facts, data, deaths = {"name": ""}, b"", deaths + 1
            if "name" not in facts and not facts.get("trouble"):
                return
            if "name" not in facts or number == MOST_FILES:
                break
            most -= len(data)
            yield Enclosed(facts["name"], data if facts.get("whole") else None)
        yield Enclosed("", None)

    def close(self) -> None:
        """End the process; it is started again when it is needed."""
        if self._apart is not None:
            self._apart.close()
            self._apart = None

    def _ask(self, path: Path, number: int, most: int, wait: float) -> Answer:
        self._apart = self._apart or Apart("registry.pdf.enclosed", _MEMORY, 0)
        request = {"path": str(path), "number": number, "most": most}
        return self._apart.ask(request, SECONDS / 8, wait)


def main(memory: int, nice: int) -> None:
    """Answer until nobody asks."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it would quote what strangers wrote
    opened = _Opened()

    def answer(request: dict[str, Any]) -> Answer:
        faults.point("in_an_enclosed_file")
        try:
            return opened.file(request["path"], request["number"], request["most"])
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever is wrong with a file, it is not our end
            return {"trouble": type(error).__name__}, b""

    serve(answer, memory, nice)


class _Opened:
    """The PDF that was asked about last."""

    def __init__(self) -> None:
        self._path = ""
        self._held: list[tuple[str, Any]] = []
        self._trouble = ""  # why no more of them were found

    def file(self, path: str, number: int, most: int) -> Answer:
        """Give one file of a PDF by its number; no name behind the last."""
        from registry.pdf.inside import bytes_of

        if number == 0 or path != self._path:
            self._open(path)
        if number >= len(self._held):
            return {"trouble": self._trouble}, b""
        name, held = self._held[number]
        data = bytes_of(held)
        whole = data is not None and len(data) <= most
        return {"name": name[:_LONGEST], "whole": whole}, data if data and whole else b""

    def _open(self, path: str) -> None:
        """Look for files in another PDF, as far as it is not broken."""
        from registry.pdf.inside import held_in

        self._path, self._held, self._trouble = path, [], ""
        try:
            for one in held_in(_document(path), MOST_FILES + 1):
                self._held.append(one)
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - pypdf raises anything at all on broken files
            self._trouble = type(error).__name__


def _document(path: str) -> Any:
    from pypdf import PdfReader

    from registry.pdf.ending import is_cut_off

    file = Path(path).open("rb")  # noqa: SIM115 - read from as long as the document is asked
    if is_cut_off(file):
        raise ValueError("cut off")
    document = PdfReader(file)
    if document.is_encrypted and not document.decrypt(""):
        raise ValueError("behind a password")
    return document
