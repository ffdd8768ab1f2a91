"""Days that cannot all be right: what one field of a letter says against another is doubted.

Nothing is put right and nothing left out: a letter may well be dated wrongly. It is only not
believed, and ``facts.odd`` says why, for the words that officers read: ``due`` before the letter's
own date, years behind it or over when the letter came, ``reference`` of a later date, ``stamp``
older than the letter, the letter itself from the future or ten years old, a number that is an
order's with its year (ข้อ 16); ``more``: what stands behind a number may belong to it
(:mod:`registry.paper.number_more` finds it); ``letters``: another letter came in the same mail
(:mod:`registry.paper.choose`).
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Final, Literal

from registry.letter.paper import PaperField

Odd = Literal[
    "before_letter",
    "long_after",
    "after_letter",
    "after_stamp",
    "future",
    "year",
    "more",
    "passed",
    "long_ago",
    "letters",
]

_DOUBTED: Final = 60
_LONG: Final = timedelta(days=2 * 366)
_OLD: Final = timedelta(days=10 * 366)
_YEAR: Final = re.compile(r"\D+ [0-9]{1,3}/25[0-9]{2}")  # a running number, and its year in พ.ศ.


def doubted(found: Iterable[PaperField]) -> list[PaperField]:
    """Give the fields of a paper, those doubted that do not agree with its date."""
    fields = [_odd(one, "year") if _has_year(one) else one for one in found]
    letter = next((_day(one.value) for one in fields if one.name == "dated" and one.value), None)
    if letter is None:
        return fields
    held = [_held_against(one, letter) for one in fields]
    if all(one.name != "stamp" or "odd" not in one.facts for one in held):
        return held
    # One of the two days was misread: of a scan the letter's own may be it.
    return [
        _odd(one, "after_stamp") if one.name == "dated" and one.source == "ocr" else one
        for one in held
    ]


def doubted_at(found: Iterable[PaperField], arrived: date) -> list[PaperField]:
    """Give the fields, doubted that do not agree with the day of arrival.

    So is the letter's date if it is after the day behind it (a day is allowed for clocks on two
    sides of midnight) or ten years ago, where a figure of its year may be wrong; and a day to be
    done by that had passed.
    """
    last, first = (arrived + timedelta(days=1)).isoformat(), arrived.isoformat()
    old = (arrived - _OLD).isoformat()

    def held(one: PaperField) -> PaperField:
        if one.name == "dated" and one.value > last:
            return _odd(one, "future")
        if one.name == "dated" and one.value and one.value < old:
            return _odd(one, "long_ago")
        over = one.name == "due" and one.value < first and "odd" not in one.facts
        return _odd(one, "passed") if over else one

    return [held(one) for one in found]


def _has_year(one: PaperField) -> bool:
    return one.name == "number" and _YEAR.fullmatch(one.value) is not None


def _held_against(one: PaperField, letter: date) -> PaperField:
    day = _said(one)
    why = _why(one.name, day, letter) if day is not None else None
    return _odd(one, why) if why is not None else one


def _why(name: str, day: date, letter: date) -> Odd | None:
    if name == "due" and day - letter > _LONG:
        return "long_after"
    if name in {"due", "stamp"} and day < letter:
        return "before_letter"
    return "after_letter" if name == "reference" and day > letter else None


def _said(one: PaperField) -> date | None:
    """Give the day that a field tells."""
    text = one.value if one.name == "due" else str(one.facts.get("dated", ""))
    return _day(text) if text else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _odd(one: PaperField, why: Odd) -> PaperField:
    facts = {**one.facts, "odd": why}
    return replace(one, confidence=min(one.confidence, _DOUBTED), facts=facts)
