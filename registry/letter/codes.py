"""Whose a letter number is, in words: พร is จังหวัดแพร่, มท 08 a department of มหาดไทย.

The list is data, ``config/letter_codes.toml`` (Annex 1 of the regulation). It only helps people
to see a number that was typed wrongly: a code that it does not know is no error, since new codes
are given out and local bodies have thousands of their own.
"""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Final

from registry.letter.number import SenderCode

_PREFIX: Final = {"province": "จังหวัด"}
_NO_PREFIX: Final = "กรุงเทพมหานคร"


def whose(sender: SenderCode) -> str | None:
    """Give the name of the department if it is listed, else of the body, else None."""
    names = _names()
    return names.get(f"{sender.code} {sender.owner[:2]}") or names.get(sender.code)


def code_of(text: str) -> str | None:
    """Give the consonants of the body that a text names, None if it names none that is listed.

    The longest name counts: a department's before its ministry's.
    """
    named = [(len(name), code) for code, name in _names().items() if name in text]
    return max(named)[1].split()[0] if named else None


@cache
def _names() -> dict[str, str]:
    text = (files("config") / "letter_codes.toml").read_text(encoding="utf-8")
    return {
        code: _name(kind, name)
        for kind, codes in tomllib.loads(text).items()
        for code, name in codes.items()
    }


def _name(kind: str, name: str) -> str:
    return name if name == _NO_PREFIX else _PREFIX.get(kind, "") + name
