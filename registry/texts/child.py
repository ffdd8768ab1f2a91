"""The process that opens letters' files: to read, draw, verify, stamp, number them.

It is run by :class:`registry.apart.Apart` and knows neither database nor blob store, only the path
it is given. Whatever is wrong with a file is an answer.
"""

import os
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from registry import faults
from registry.apart import Answer, serve
from registry.texts.extract import Bounds, Unreadable
from registry.texts.kinds import read_file

# Threads would fight for the CPU, and each takes address space, which is bounded.
_ONE_THREAD: Final = {"OMP_THREAD_LIMIT": "1", "OPENBLAS_NUM_THREADS": "1"}


def main(memory: int, nice: int) -> None:
    """Answer until nobody asks."""
    os.environ |= _ONE_THREAD
    serve(_answer, memory, nice)


def _answer(request: dict[str, Any]) -> Answer:
    faults.point("in_a_file")
    try:
        return _ACTS[request["act"]](request)
    except Unreadable as trouble:
        return {"trouble": "file", "detail": str(trouble)}, b""
    except MemoryError:
        raise
    except OSError as error:
        return {"trouble": "disk", "detail": str(error)}, b""
    except Exception as error:  # noqa: BLE001 - one file must not stop the others
        return {"trouble": "error", "detail": type(error).__name__}, b""


def _text(request: dict[str, Any]) -> Answer:
    extract = read_file(Path(request["path"]), request["media_type"], Bounds(**request["bounds"]))
    told = {"state": extract.state, "pages": list(extract.pages), "detail": extract.detail}
    leaves = [page.as_list() for page in extract.leaves]
    return told | {"leaves": leaves, "unseen": list(extract.unseen)}, b""


def _look(request: dict[str, Any]) -> Answer:
    from registry.pdf.ocr import read_sheet
    from registry.pdf.sight import sheet_of

    sheet = sheet_of(Path(request["path"]), request["media_type"], request["page"])
    page = read_sheet(sheet, request["page"], request["folder"], request["languages"])
    return {"page": page.as_list()}, b""


def _picture(request: dict[str, Any]) -> Answer:
    from registry.pdf.picture import picture_of

    path, page, width = Path(request["path"]), request["page"], request["width"]
    count, data = picture_of(path, request["media_type"], page, width)
    return {"pages": count}, data


def _codes(request: dict[str, Any]) -> Answer:
    from registry.pdf.codes import codes_of

    return {"codes": codes_of(Path(request["path"]), request["media_type"], request["pages"])}, b""


def _stamp(request: dict[str, Any]) -> Answer:
    from registry.letter.stamp import Stamp
    from registry.pdf.stamp import stamped

    return stamped(Path(request["path"]), Stamp(**request["stamp"]), request["media_type"])


def _number(request: dict[str, Any]) -> Answer:
    from registry.letter.number import LetterNumber
    from registry.pdf.numbered import numbered, pictured

    path, number = Path(request["path"]), LetterNumber.parse(request["number"])
    told, data = numbered(path, number, date.fromisoformat(request["day"]))
    if width := request.get("width"):
        return told, pictured(path, told, data, width)
    return told, data


def _signatures(request: dict[str, Any]) -> Answer:
    from registry.pdf.signatures import verify_pdf

    return {"signatures": verify_pdf(Path(request["path"]), *_judged_by(request))}, b""


def _signed_mail(request: dict[str, Any]) -> Answer:
    from registry.pdf.signatures_mail import verify_mail

    seal, mail, span = Path(request["path"]), Path(request["mail"]), request["begin"]
    verdicts = verify_mail(seal, mail, span, request["end"], *_judged_by(request))
    return {"signatures": verdicts}, b""


def _judged_by(request: dict[str, Any]) -> tuple[Any, datetime]:
    from registry.pdf.signatures_trust import anchors_in

    return anchors_in(Path(request["anchors"])), datetime.fromisoformat(request["at"])


_ACTS: Final[dict[str, Callable[[dict[str, Any]], Answer]]] = {
    "text": _text, "look": _look, "picture": _picture, "codes": _codes, "signatures": _signatures,
    "signed_mail": _signed_mail, "stamp": _stamp, "number": _number,
}  # fmt: skip
