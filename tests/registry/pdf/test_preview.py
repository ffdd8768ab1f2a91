"""Pictures of pages: drawn apart, bounded, kept for a while, and never a second time in vain."""

import hashlib
import io
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from registry.apart import Died
from registry.pdf.preview import NoPicture, Previewer, can_show
from registry.settings import ReadingSettings
from tests.registry.texts import papers

PDF = "application/pdf"


@pytest.fixture
def previewer(data_dir: Path) -> Iterator[Previewer]:
    made = Previewer(data_dir, ReadingSettings())
    yield made
    made.close()


@pytest.fixture
def blob(tmp_path: Path) -> Callable[[bytes], Path]:
    """Lay these bytes down as the blob store does."""

    def lay(data: bytes) -> Path:
        path = tmp_path / hashlib.sha256(data).hexdigest()
        path.write_bytes(data)
        return path

    return lay


def size(data: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.format == "WEBP"
        return picture.size


def photo(kind: str, wide: int, high: int, **how: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (wide, high), "teal").save(out, kind, **how)
    return out.getvalue()


def test_a_page_is_drawn_in_the_next_larger_width(previewer: Previewer, blob):
    path = blob(papers.saying(b"(page) Tj", times=3))
    assert size(previewer.page(path, PDF, 3, 900)) == (960, 1359)
    assert previewer.count(path, PDF) == 3


def test_no_picture_is_wider_than_the_setting(data_dir: Path, blob):
    previewer = Previewer(data_dir, replace(ReadingSettings(), preview_width=200))
    wide, _ = size(previewer.page(blob(papers.saying(b"(page) Tj")), PDF, 1, 10**9))
    previewer.close()
    assert wide == 200


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP", "GIF", "AVIF"])
def test_a_picture_is_made_smaller_and_never_larger(previewer: Previewer, blob, kind: str):
    path = blob(photo(kind, 700, 350))
    assert size(previewer.page(path, f"image/{kind.lower()}", 1, 480)) == (480, 240)
    assert size(previewer.page(path, f"image/{kind.lower()}", 1, 2400)) == (700, 350)


def test_each_sheet_of_a_fax_is_a_page(previewer: Previewer, blob):
    sheets = [Image.new("1", (300, 400), number) for number in (0, 1)]
    out = io.BytesIO()
    sheets[0].save(out, "TIFF", save_all=True, append_images=sheets[1:])
    path = blob(out.getvalue())
    dark, light = (previewer.page(path, "image/tiff", page, 160) for page in (1, 2))
    assert previewer.count(path, "image/tiff") == 2
    assert dark != light


def test_a_photo_is_turned_as_the_camera_was_held(previewer: Previewer, blob):
    exif = Image.Exif()
    exif[0x0112] = 6
    path = blob(photo("JPEG", 400, 200, exif=exif))
    wide, high = size(previewer.page(path, "image/jpeg", 1, 480))
    assert high > wide


def test_a_page_is_drawn_once(previewer: Previewer, blob):
    path = blob(papers.saying(b"(once) Tj"))
    first = previewer.page(path, PDF, 1, 480)
    previewer.close()
    assert previewer.page(path, PDF, 1, 480) == first


def test_pictures_of_secret_papers_are_not_kept(previewer: Previewer, blob, data_dir: Path):
    assert previewer.page(blob(papers.saying(b"(secret) Tj")), PDF, 1, 480, keep=False)
    assert not (data_dir / "previews").exists()


def test_pictures_not_looked_at_for_longest_make_room(data_dir: Path, blob):
    previewer = Previewer(data_dir, replace(ReadingSettings(), preview_bytes=20_000))
    path = blob(papers.saying(b"(page) Tj", times=7))
    for page in range(1, 8):
        previewer.page(path, PDF, page, 160)
        previewer.page(path, PDF, 1, 160)
    previewer.close()
    kept = {one.name for one in (data_dir / "previews").glob("??/*/*")}
    assert {"1-160", "7-160"} <= kept
    assert len(kept) < 6


@pytest.mark.parametrize(
    ("data", "media_type", "page"),
    [
        (b"%PDF-1.7 broken", PDF, 1),
        (b"no picture", "image/png", 1),
        (photo("PNG", 50, 50)[:60], "image/png", 1),
        (papers.saying(b"(one) Tj"), PDF, 2),
        (papers.saying(b"(one) Tj"), PDF, 0),
        (b"PK", "application/zip", 1),
        (papers.pages(b"").replace(b"595 842", b"1 99999"), PDF, 1),
    ],
)
def test_what_cannot_be_shown_says_why_in_thai(
    previewer: Previewer, blob, data: bytes, media_type: str, page: int
):
    with pytest.raises(NoPicture) as raised:
        previewer.page(blob(data), media_type, page, 480)
    assert not raised.value.thai.isascii()
    assert previewer.page(blob(papers.saying(b"(next) Tj")), PDF, 1, 160)


def test_a_picture_of_far_too_many_pixels_is_not_opened(previewer: Previewer, blob):
    data = photo("PNG", 50, 50)
    claim = b"IHDR" + (40_000).to_bytes(4, "big") * 2 + data[24:29]
    huge = data[:12] + claim + zlib.crc32(claim).to_bytes(4, "big") + data[33:]
    with pytest.raises(NoPicture) as raised:
        previewer.page(blob(huge), "image/png", 1, 480)
    assert raised.value.thai == "ภาพใหญ่เกินกำหนด จึงแสดงไม่ได้ โปรดดาวน์โหลดไฟล์แทน"


def test_a_file_over_which_the_process_fell_is_not_tried_at_every_look(
    previewer: Previewer, blob, monkeypatch: pytest.MonkeyPatch
):
    path, asked = blob(papers.saying(b"(deadly) Tj")), []

    def die(*request: object) -> None:
        asked.append(request)
        raise Died("exit code -9")

    monkeypatch.setattr(previewer._apart, "ask", die)
    for _ in range(2):
        with pytest.raises(NoPicture):
            previewer.page(path, PDF, 1, 480)
    assert len(asked) == 1


def test_it_is_known_beforehand_which_files_can_be_shown():
    shown = [one for one in (PDF, "image/png", "text/plain", "application/zip") if can_show(one)]
    assert shown == [PDF, "image/png"]


def test_what_is_encrypted_while_its_page_is_drawn_leaves_no_picture(data_dir: Path, blob):
    class Late(Previewer):
        """Draws; meanwhile the file is encrypted, and the open copy goes with its pictures."""

        def _drawn(self, path: Path, *asked) -> tuple[int, bytes, str]:
            found = super()._drawn(path, *asked)
            path.unlink()
            return found

    previewer = Late(data_dir, ReadingSettings())
    path = blob(papers.saying(b"(page) Tj"))
    assert size(previewer.page(path, PDF, 1, 160))
    previewer.close()
    assert not [one for one in (data_dir / "previews").rglob("*") if one.is_file()]
