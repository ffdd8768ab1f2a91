"""The process that opens letters' files: for their text, and for pictures of their pages.

It is run by :class:`registry.apart.Apart` and knows neither database nor blob store, only the path
it is given. Whatever is wrong with a file is an answer.
"""

from pathlib import Path
from typing import Any

from registry import faults
from registry.apart import Answer, serve
from registry.texts.extract import Bounds, Unreadable
from registry.texts.kinds import read_file


def main(memory: int, nice: int) -> None:
    """Answer until nobody asks."""
    serve(_answer, memory, nice)


def _answer(request: dict[str, Any]) -> Answer:
    faults.point("in_a_file")
    try:
        return _text(request) if request["act"] == "text" else _picture(request)
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
    return told, b""


def _picture(request: dict[str, Any]) -> Answer:
    from registry.pdf.picture import picture_of

    path, page, width = Path(request["path"]), request["page"], request["width"]
    count, data = picture_of(path, request["media_type"], page, width)
    return {"pages": count}, data
