"""Whether a PDF ends as one: asked before pypdf is, which looks for the end through all of a file.

The last line is ``%%EOF`` (ISO 32000-1 7.5.5); mail and web servers leave a few hundred bytes of
their own behind it. Of a file that was cut off pypdf reads every line backwards, a fifth of a
second a megabyte; of 600 MB that is two minutes in which no other letter's file is read.

Limits: a short file is not asked about, since looking for its end costs little and now and then
mends it. One that was cut off just behind an earlier revision seems whole.
"""

from typing import BinaryIO, Final

_SHORT: Final = 8_000_000
_WITHIN: Final = 1 << 20  # bytes from the end
_END: Final = b"%%EOF"


def is_cut_off(file: BinaryIO) -> bool:
    """Say whether a long PDF lacks its end; the file is left where it was. Raises OSError."""
    place = file.tell()
    try:
        size = file.seek(0, 2)
        if size <= _SHORT:
            return False
        file.seek(size - _WITHIN)
        return _END not in file.read(_WITHIN)
    finally:
        file.seek(place)
