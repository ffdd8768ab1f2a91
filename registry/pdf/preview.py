"""Pictures of pages for the officers' screens: drawn once, in a process apart, kept for a while.

Pictures are WebP, of one of a few widths, and lie in ``previews/ab/<sha256>/`` under the data
folder, 0600; those not looked at for longest go when all together pass ``reading.preview_bytes``.
Nothing there is needed: the folder may be deleted at any time. Why a page has no picture is kept
beside, so that a file that brings the process down does so once and not at every look.

Who may see a letter is for the caller to ask. Pictures of secret papers are not kept
(``keep=False``).
"""

import contextlib
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from registry.apart import Apart, Died, Over
from registry.errors import SarabanError
from registry.ids import new_id
from registry.settings import ReadingSettings
from registry.texts.extract import NO_PAGE

MEDIA_TYPE: Final = "image/webp"
WIDTHS: Final = (160, 480, 960, 1440, 1920, 2400)
"""Pixels; what is asked for is rounded up to one of these."""

_NICE: Final = 2
_SECONDS: Final = 10.0
_WAIT: Final = 30.0
_BLOCK: Final = 4096  # bytes of the disk that the smallest file takes
_LOWER: Final = 0.8  # share of the room that is left taken when room is made
_SLOW: Final = "ใช้เวลาหรือหน่วยความจำแสดงหน้านี้นานเกินกำหนด โปรดดาวน์โหลดไฟล์แทน"
_CANNOT: Final = "แสดงภาพหน้านี้ไม่ได้ โปรดดาวน์โหลดไฟล์แทน"
_NOT_THIS_KIND: Final = "ไฟล์ชนิดนี้แสดงเป็นภาพไม่ได้ โปรดดาวน์โหลดไฟล์แทน"


class NoPicture(SarabanError):
    """There is no picture of this page; ``thai`` says why."""

    thai = _CANNOT


def can_show(media_type: str) -> bool:
    """Say whether files of this type have pictures of pages."""
    return media_type == "application/pdf" or media_type.startswith("image/")


class Previewer:
    """Draws and keeps pictures; one for a process, any thread may ask. Close it."""

    def __init__(self, data_dir: Path, settings: ReadingSettings) -> None:
        self._folder = data_dir / "previews"
        self._settings = settings
        self._apart = Apart("registry.texts.child", settings.memory, _NICE)
        self._lock = threading.Lock()
        self._taken = -1  # bytes, once they were counted

    def page(
        self, blob: Path, media_type: str, page: int, width: int, *, keep: bool = True
    ) -> bytes:
        """Give page ``page``, counted from 1, of a file of the blob store, as WebP.

        ``width`` is in pixels. Blocks, seconds for a bad file. Raises NoPicture, which says why in
        Thai; OSError when the disk fails.
        """
        return self._shown(blob, media_type, page, width, keep=keep)[1]

    def count(self, blob: Path, media_type: str, *, keep: bool = True) -> int:
        """Give how many pages a file has; raises as :meth:`page`."""
        return self._shown(blob, media_type, 1, WIDTHS[0], keep=keep)[0]

    @property
    def apart(self) -> Apart:
        """The process that draws; whoever has other work with a page may ask it."""
        return self._apart

    def close(self) -> None:
        """End the process that draws."""
        self._apart.close()

    def _shown(
        self, blob: Path, media_type: str, page: int, width: int, *, keep: bool
    ) -> tuple[int, bytes]:
        if not can_show(media_type):
            raise NoPicture(f"no picture of {media_type}", thai=_NOT_THIS_KIND)
        wide = self._width(width)
        place = self._folder / blob.name[:2] / blob.name / f"{page}-{wide}"
        if (found := _kept(place)) is not None:
            return found
        with self._lock:  # who waited finds what the other drew
            if (found := _kept(place)) is not None:
                return found
            count, data, why = self._drawn(blob, media_type, page, wide)
            if keep and why != NO_PAGE:
                self._keep(place, b"%d\n" % count + (data or why.encode()))
                if not blob.exists():  # it was encrypted while its page was drawn
                    shutil.rmtree(place.parent, ignore_errors=True)
        if why:
            raise NoPicture(f"no picture of page {page} of {blob.name}", thai=why)
        return count, data

    def _width(self, width: int) -> int:
        most = self._settings.preview_width
        return min(next((one for one in WIDTHS if one >= width), WIDTHS[-1]), most)

    def _drawn(self, blob: Path, media_type: str, page: int, width: int) -> tuple[int, bytes, str]:
        """Give the number of pages and the picture, or why there is none."""
        request = {"act": "picture", "path": str(blob), "media_type": media_type}
        try:
            facts, data = self._apart.ask(request | {"page": page, "width": width}, _SECONDS, _WAIT)
        except Over:
            return 0, b"", _SLOW
        except Died:
            return 0, b"", _CANNOT
        match facts.get("trouble"):
            case None:
                return int(facts["pages"]), data, ""
            case "file":
                return 0, b"", str(facts["detail"])
            case "memory":
                return 0, b"", _SLOW
            case "disk":
                raise OSError(facts["detail"])
            case _:
                return 0, b"", _CANNOT

    def _keep(self, place: Path, data: bytes) -> None:
        """Write a picture down, and make room when there are too many."""
        draft = place.with_name(f".{new_id()}")
        with contextlib.suppress(FileNotFoundError):  # the folder goes when its file is encrypted
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft.touch(mode=0o600)
            draft.write_bytes(data)
            draft.replace(place)
        if self._taken < 0:
            self._taken = sum(size for _, size, _ in self._all())
        else:
            self._taken += _size(len(data))
        if self._taken > self._settings.preview_bytes:
            self._make_room()

    def _make_room(self) -> None:
        """Take away what nobody looked at for longest."""
        kept = sorted(self._all())
        self._taken = sum(size for _, size, _ in kept)
        for _, size, path in kept:
            if self._taken <= _LOWER * self._settings.preview_bytes:
                break
            Path(path).unlink(missing_ok=True)
            self._taken -= size

    def _all(self) -> Iterator[tuple[float, int, str]]:
        """Give when each picture was last looked at, its size and its path."""
        for path in self._folder.glob("??/*/*"):
            with contextlib.suppress(FileNotFoundError):  # another process made room
                facts = path.stat()
                yield facts.st_mtime, _size(facts.st_size), str(path)


def _kept(place: Path) -> tuple[int, bytes] | None:
    """Give a picture that was drawn before, and note that it was looked at."""
    try:
        data = place.read_bytes()
        os.utime(place)
    except FileNotFoundError:
        return None
    count, _, rest = data.partition(b"\n")
    if int(count) == 0:
        raise NoPicture(f"no picture {place.parent.name}/{place.name}", thai=rest.decode())
    return int(count), rest


def _size(data: int) -> int:
    """Give what a file of this many bytes takes on the disk."""
    return -(-data // _BLOCK) * _BLOCK
