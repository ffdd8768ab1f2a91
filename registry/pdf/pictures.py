"""Opening picture files as offices send them: scans, faxes, screenshots, photographs of telephones.

HEIC, which telephones write, is read by libheif; it is loaded when the first such file comes, with
one thread, since the process that opens files has little address space. What of a picture is read
before its pixels are asked for is its head.

How large its paper is a picture says or does not say; a fax has half as many lines an inch down as
dots across (ITU-T T.4 §2), so the two are told apart.
"""

import contextlib
import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from PIL import Image, UnidentifiedImageError

from registry.texts.extract import Unreadable

_FORMATS: Final = ("JPEG", "PNG", "TIFF", "WEBP", "GIF", "BMP", "AVIF", "JPEG2000")
_HEIF: Final = "HEIF"
_BRANDS: Final = frozenset((
    b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"mif2",
))  # fmt: skip
_POINTS: Final = 72
_A4: Final = 842.0  # points
_LIKELY: Final = (70.0, 1300.0)  # dots an inch that a scanner may have
_PAPER: Final = (200.0, 3500.0)  # points of a sheet's longer side; A0 has 3370
_LOPSIDED: Final = 3.0  # times that there may be more dots one way than the other


def open_picture(path: Path) -> Image.Image:
    """Open a picture file; close it, and ask how large it is before you use its pixels.

    Raises what Pillow raises: UnidentifiedImageError, SyntaxError, ValueError, EOFError, OSError.
    """
    with path.open("rb") as file:
        head = file.read(12)
    if head[4:8] == b"ftyp" and head[8:] in _BRANDS:
        _learn_heif()
        return Image.open(path, formats=(_HEIF, "AVIF"))
    return Image.open(path, formats=_FORMATS)


@contextlib.contextmanager
def reading_picture(broken: str) -> Iterator[None]:
    """Let whatever is wrong with a picture in the block raise Unreadable with these words.

    Errors of the disk stay OSError.
    """
    Image.MAX_IMAGE_PIXELS = None  # ours is asked before anything is unpacked
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # they go by what the file says of itself
            yield
    except Unreadable:
        raise
    except (UnidentifiedImageError, SyntaxError, ValueError, EOFError) as error:
        raise Unreadable(broken) from error
    except OSError as error:
        if error.errno is not None:  # the disk; Pillow's own carry no number
            raise
        raise Unreadable(broken) from error


def dots_of(picture: Image.Image) -> tuple[float, float]:
    """Give dots an inch across and down: as the file says if that makes a sheet; else of A4."""
    with contextlib.suppress(TypeError, ValueError, ZeroDivisionError, IndexError):
        said = picture.info.get("dpi", (0.0, 0.0))
        across, down = float(said[0]), float(said[1])
        likely = all(_LIKELY[0] <= one <= _LIKELY[1] for one in (across, down))
        if likely and 1 / _LOPSIDED <= across / down <= _LOPSIDED:
            long = max(picture.width / across, picture.height / down) * _POINTS
            if _PAPER[0] <= long <= _PAPER[1]:
                return across, down
    usual = max(picture.size) * _POINTS / _A4
    return usual, usual


@cache
def _learn_heif() -> None:
    from pi_heif import register_heif_opener

    register_heif_opener(decode_threads=1, thumbnails=False, depth_images=False, aux_images=False)
