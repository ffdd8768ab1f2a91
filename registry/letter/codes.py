"""Whose a letter number is, in words: พร is จังหวัดแพร่, มท 08 a department of มหาดไทย.

The list is data, ``config/letter_codes.toml`` (Annex 1 of the regulation). It only helps people
to see a number that was typed wrongly: a code that it does not know is no error, since new codes
are given out and local bodies have thousands of their own.
"""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Final

from registry.letter.number import SenderCode

_PREFIX: Final = {"province": "จังหวัด"}
_NO_PREFIX: Final = "กรุงเทพมหานคร"
_MARKS: Final = re.compile(r"[ัิ-ฺ็-๎\s]")


def whose(sender: SenderCode) -> str | None:
    """Give the name of the department if it is listed, else of the body, else None."""
    names = _names()
    return names.get(f"{sender.code} {sender.owner[:2]}") or names.get(sender.code)


def code_of(text: str) -> str | None:
    """Give the consonants of the body that a text names, None if it names none that is listed.

    The longest name counts: a department's before its ministry's. Spaces do not; marks above and
    below letters, which scans lose, only where they help.
    """
    plain, bare = "".join(text.split()), _bare(text)
    named = [(len(name), code) for name, code in _joined().items() if name in plain]
    named = named or [(len(name), code) for name, code in _joined().items() if _bare(name) in bare]
    return max(named)[1] if named else None


def names_office(text: str) -> bool:
    """Say whether a text is the name of a listed body and nothing else."""
    return "".join(text.split()) in _joined()


@cache
def listed_codes() -> frozenset[str]:
    """Give the consonants that are listed: of ministries, other bodies and provinces."""
    return frozenset(code.split()[0] for code in _names())


def is_province(code: str) -> bool:
    """Say whether these consonants are a province's."""
    return _names().get(code, "").startswith((_PREFIX["province"], _NO_PREFIX))


@cache
def _joined() -> dict[str, str]:
    """Give the consonants by the name, which has no spaces."""
    return {"".join(name.split()): code.split()[0] for code, name in _names().items()}


def _bare(text: str) -> str:
    return _MARKS.sub("", text)


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
