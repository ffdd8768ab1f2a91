"""Opening picture files as offices send them: scans, faxes, screenshots, photographs of telephones.

HEIC, which telephones write, is read by libheif; it is loaded when the first such file comes, with
one thread, since the process that opens files has little address space. What of a picture is read
before its pixels are asked for is its head.
"""

from functools import cache
from pathlib import Path
from typing import Final

from PIL import Image

_FORMATS: Final = ("JPEG", "PNG", "TIFF", "WEBP", "GIF", "BMP", "AVIF", "JPEG2000")
_HEIF: Final = "HEIF"
_BRANDS: Final = frozenset((
    b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"mif2",
))  # fmt: skip


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


@cache
def _learn_heif() -> None:
    from pi_heif import register_heif_opener

    register_heif_opener(decode_threads=1, thumbnails=False, depth_images=False, aux_images=False)
