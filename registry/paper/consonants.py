"""The consonants of a scan's number, held against the listed codes and the office that writes.

OCR takes one consonant for another that looks like it: ขบ for ชบ, ศก for ศธ, นธ for นฐ. A code
that is not listed and differs from a listed one only so is taken for that one, of several for the
one whose office the letter names. A listed code is doubted where the letter names another office,
and where it looks like another listed one and nothing in the letter confirms it.

What was put right is never sure, and nothing gains confidence here; a text layer is left as it is.
Limits: an office with a code of its own, not listed, that looks like a listed one is mistaken for
that one, and an officer has to say so; ``facts.candidates`` has the number as it was read.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from registry.errors import NotUnderstood
from registry.letter.codes import code_of, is_province, listed_codes, names_office
from registry.letter.number import LetterNumber
from registry.letter.paper import HIGH, PaperField
from registry.paper.rows import Row

_ALIKE: Final = (
    "ขชซฃ", "กถภธ", "ธฐรจ", "นบมป", "พผฟฝหฬ", "คดตศ", "ลสอ", "ทหฑฒ", "วจงร", "ยบปษ", "ฎฏภถ",
    "ศสค", "ณญฌ",
)  # fmt: skip
_FIGURES: Final = re.compile(r"[0-9]{2,5}(?:\.[0-9]{1,3})?\s?/\s?(?:ว\.?\s?)?[0-9]{1,6}")
_BESIDE_POST: Final = re.compile(r"([ก-ฮ]{2})\s[1-9๑-๙][0-9๐-๙]{4}\b")
_BANGKOK: Final = "กท"  # where ministries live too: it says nothing
_DOUBTED, _NAMED, _OFFICE, _ONLY = HIGH - 2, 75, 70, 60


@dataclass(frozen=True, slots=True)
class Offices:
    """Codes of the offices that a letter names: the one that writes, and what its address is in."""

    writes: str | None
    address: str | None


def offices_of(
    owner: Sequence[PaperField], signer: Sequence[PaperField], rows: Sequence[Row]
) -> Offices:
    """Give what head, signature and seal name; ``rows`` are those below the head."""
    writes = next(filter(None, map(code_of, _writers(owner, signer, rows))), None)
    beside = [str(one.facts.get("address", "")) for one in owner]
    address = next(filter(None, (code_of("".join(one.split())) or _by_post(one) for one in beside)),
                   None)  # fmt: skip
    return Offices(writes, address if address != _BANGKOK else None)


def _by_post(address: str) -> str | None:
    """Give the code that some write before the post code: ถนนไชยบูรณ์ พร ๕๔๐๐๐."""
    found = _BESIDE_POST.search(address)
    return found[1] if found and is_province(found[1]) else None


def hold_to_office(found: Sequence[PaperField], offices: Offices) -> list[PaperField]:
    """Give the number as its consonants must be, doubted; or as it is."""
    if not found or found[0].source != "ocr":
        return list(found)
    one = found[0]
    try:
        number = LetterNumber.parse(one.value)
    except NotUnderstood:
        return [_of_rubble(one, offices.writes)]
    if number.code in listed_codes():
        return [_listed(one, number, offices)]
    return [_unlisted(one, number, offices)]


def look_alike(read: str, code: str) -> bool:
    """Say whether a code may have been read so: one consonant like another, or said twice."""
    if len(read) == len(code) + 1:
        doubled = (at for at in range(1, len(read)) if read[at] == read[at - 1])
        return any(read[:at] + read[at + 1 :] == code for at in doubled)
    if len(read) != len(code):
        return False
    apart = [(one, other) for one, other in zip(read, code, strict=True) if one != other]
    return len(apart) == 1 and any(set(apart[0]) <= set(group) for group in _ALIKE)


def _listed(one: PaperField, number: LetterNumber, offices: Offices) -> PaperField:
    named = {offices.writes, offices.address} - {None}
    if number.code in named:
        return one
    if not named:
        like = any(look_alike(number.code, code) for code in listed_codes())
        return _capped(one, _DOUBTED) if like else one
    for code in (offices.writes, offices.address):
        if code and look_alike(number.code, code):
            return _with_code(one, number, code, _NAMED)
    return _capped(one, _DOUBTED) if _contradicts(number.code, offices.writes) else one


def _contradicts(code: str, writes: str | None) -> bool:
    """Say whether an office cannot bear this code; offices in provinces may bear a ministry's."""
    return writes is not None and (is_province(code) or not is_province(writes))


def _unlisted(one: PaperField, number: LetterNumber, offices: Offices) -> PaperField:
    like = [code for code in sorted(listed_codes()) if look_alike(number.code, code)]
    named = next((code for code in (offices.writes, offices.address) if code in like), None)
    if named is not None:
        return _with_code(one, number, named, _NAMED)
    if offices.writes is not None:
        return _with_code(one, number, offices.writes, _OFFICE)
    if len(like) == 1:
        return _with_code(one, number, like[0], _ONLY)
    return one


def _of_rubble(one: PaperField, code: str | None) -> PaperField:
    """Give figures whose consonants were lost those of the office that writes."""
    figures = _FIGURES.search(one.value)
    if code is None or figures is None or "(" in one.original:  # a committee's, that was not read
        return one
    try:
        number = LetterNumber.parse(f"{code} {figures[0]}")
    except NotUnderstood:
        return one
    facts = {"damaged": True, "by_office": True}
    return replace(one, value=str(number), confidence=_OFFICE, facts=facts)


def _with_code(one: PaperField, read: LetterNumber, code: str, sure: int) -> PaperField:
    value = str(replace(read, code=code))
    facts = {**one.facts, "candidates": [value, str(read)], "by_office": sure != _ONLY}
    return replace(_capped(one, sure), value=value, facts=facts)


def _capped(one: PaperField, most: int) -> PaperField:
    return replace(one, confidence=min(one.confidence, most))


def _writers(
    owner: Sequence[PaperField], signer: Sequence[PaperField], rows: Iterable[Row]
) -> Iterator[str]:
    yield from ("".join(one.value.split()) for one in owner)
    for one in signer:
        yield "".join([*one.facts.get("acting_for", ()), str(one.facts.get("position", ""))])
    if not owner:  # a letter under seal names its office instead of a signer (ข้อ 14)
        yield from (row.text for row in rows if names_office(row.text))
