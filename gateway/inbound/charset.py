"""Bytes to text: the label of a mail is a claim, and Thai mail often claims wrongly.

Python lacks the names that Thai mailers use (windows-874, ms874, x-mac-thai, …) and reads tis-620
without the quotation marks that Windows put there; here all of them mean cp874. A label that is
unknown, or that the bytes contradict, leads to a guess: byte order mark, strict UTF-8, Thai by
the share of its bytes, at last Western. Whatever was guessed is said in English (which label was
there, what was used instead, and what spoke for it), so that the officer who sees odd text knows
why; the raw bytes are kept elsewhere and nothing is lost.

Only character sets are looked up, from a fixed table: a label can never load a module nor name a
codec that unpacks. Text that leaves here holds no NUL and no lone surrogate.
"""

import re
from dataclasses import dataclass
from encodings.aliases import aliases
from functools import lru_cache
from typing import Final

_THAI: Final = "cp874"
_THAI_NAMES: Final = re.findall(
    r"\w+",
    """windows_874 ms874 ms_874 x_windows_874 dos_874 cp874 cp_874 874 ibm874 ibm_874 x_ibm874
    iso_ir_166 thai x_mac_thai mac_thai x_tis_620 tis""",
)
_THAI_FAMILIES: Final = ("tis_620", "tis620", "iso_8859_11", "iso8859_11")  # with years and parts
_WESTERN: Final = frozenset({"latin_1", "cp1252"})
_CODECS: Final = frozenset(
    {f"iso8859_{n}" for n in range(1, 17)}
    | {f"cp125{n}" for n in range(9)}
    | set(
        re.findall(
            r"\w+",
            """ascii latin_1 utf_8 utf_8_sig utf_7 utf_16 utf_16_le utf_16_be utf_32 utf_32_le
            utf_32_be cp437 cp850 cp852 cp866 koi8_r koi8_u gb2312 gbk gb18030 hz big5 big5hkscs
            euc_jp cp932 shift_jis iso2022_jp iso2022_kr euc_kr cp949 mac_roman""",
        )
    )
)
_KNOWN: Final = (
    {name: name for name in _CODECS}
    | {alias: codec for alias, codec in aliases.items() if codec in _CODECS}
    | dict.fromkeys(_THAI_NAMES, _THAI)
)
_PUBLIC: Final = {_THAI: "windows-874", "cp1252": "windows-1252"}
_HIGH: Final = bytes(range(0x80, 0x100))
_NOT_THAI: Final = bytes((*range(0x80, 0xA1), *range(0xFC, 0x100)))
_ASCII: Final = bytes(range(0x80))
_THAI_RUN: Final = re.compile(rb"[\xa1-\xda\xdf-\xfb]{3}")
_UTF8_BYTES, _THAI_BYTES = "the bytes are UTF-8", "the bytes are Thai letters"
_SURROGATES: Final = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Reading:
    """Text, and what had to be guessed to get it ("" when the label was right)."""

    text: str
    guess: str = ""


def codec_of(label: str) -> str | None:
    """Return Python's codec for a charset label, or None when it is not one we read."""
    return _codec_of(label[:60].lower()) if label else None


@lru_cache(maxsize=256)
def _codec_of(label: str) -> str | None:
    name = re.sub(r"[^a-z0-9]+", "_", label).strip("_")
    if name.startswith(_THAI_FAMILIES):
        return _THAI
    return _KNOWN.get(name)


def read_text(data: bytes, label: str = "") -> Reading:
    """Read bytes by their label where it is true, else by the best guess; never raises."""
    reading = _read(data, label)
    if "\x00" not in reading.text:
        text = clean(reading.text)
        return reading if text is reading.text else Reading(text, reading.guess)
    guess = f"{reading.guess}; NUL taken out" if reading.guess else "NUL taken out"
    return Reading(clean(reading.text), guess)


def clean(text: str) -> str:
    """Take out what a database refuses: NUL goes, a lone surrogate becomes U+FFFD."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)


def _read(data: bytes, label: str) -> Reading:
    if not label and data.isascii():
        return Reading(data.decode("ascii"))
    codec = codec_of(label)
    said = f"charset {_show(label)}" if label else "no charset"
    if codec is None or (codec == "ascii" and not data.isascii()):
        text, found, why = _guess(data)
        plain = not label and (data.isascii() or found == "utf-8")
        unknown = "an unknown name, " if label and codec is None else ""
        return Reading(text, "" if plain else f"{said}: read as {found} ({unknown}{why})")
    found, why = _contradicted(data, codec)
    if found:
        return Reading(data.decode(found, "replace"), f"{said}: read as {_name(found)} ({why})")
    return _as_labelled(data, codec, said)


def _as_labelled(data: bytes, codec: str, said: str) -> Reading:
    try:
        # Mail says iso-8859-1 and means windows-1252, with its quotation marks at 0x91-0x94.
        return Reading(data.decode("cp1252" if codec == "latin_1" else codec))
    except UnicodeError:
        pass
    if codec in {_THAI, *_WESTERN}:
        text = data.decode(_THAI if codec == _THAI else "latin_1", "replace")
        return Reading(text, f"{said}: some bytes are not in it")
    text, found, why = _guess(data)
    return Reading(text, f"{said}: read as {found} (the bytes do not fit it, {why})")


def _contradicted(data: bytes, codec: str) -> tuple[str, str]:
    """Name the codec the bytes speak for against an eight-bit label, and why; or ""."""
    if data.isascii() or codec not in {_THAI, *_WESTERN}:
        return "", ""
    if _is_utf8(data):
        return "utf_8", _UTF8_BYTES
    return (_THAI, _THAI_BYTES) if codec in _WESTERN and _looks_thai(data) else ("", "")


def _guess(data: bytes) -> tuple[str, str, str]:
    """Read bytes by themselves: the text, the name of its charset, and what spoke for it."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) and len(data) % 2 == 0:
        return data.decode("utf_16", "replace"), "utf-16", "it begins with a byte order mark"
    if _is_utf8(data):
        return data.decode("utf_8_sig"), "utf-8", _UTF8_BYTES
    if _share_of_thai(data) >= 0.95:
        return data.decode(_THAI, "replace"), "windows-874", _THAI_BYTES
    return data.decode("latin_1"), "iso-8859-1", "nothing else fits"


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf_8")
    except UnicodeDecodeError:
        return False
    return True


def _share_of_thai(data: bytes) -> float:
    high = len(data) - len(data.translate(None, _HIGH))
    return (high - (len(data) - len(data.translate(None, _NOT_THAI)))) / high if high else 0.0


def _looks_thai(data: bytes) -> bool:
    """Tell Thai from Western text: Thai letters stand in runs, accented letters stand alone."""
    return _share_of_thai(data) >= 0.95 and bool(_THAI_RUN.search(data))


def _name(codec: str) -> str:
    return _PUBLIC.get(codec, codec.replace("_", "-"))


def _show(label: str) -> str:
    return re.sub(r"[^\x21-\x7e]", "?", label[:40])
