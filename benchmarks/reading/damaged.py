"""A scan with words behind it that are wrong here and there, as other programs read scans.

One Thai figure in eight is another (programs that have no ๔ ๖ ๗ ๘ ๙ print what is near), one
consonant in a hundred too. The same letter gives the same damage.
"""

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from benchmarks.reading.layered import layered
from registry.letter.page import Page

_FIGURES: Final = "๐๑๒๓๕"
_CONSONANTS: Final = "กขคงจชซดตถทธนบปผพฟภมยรลวศษสหอ"
_FIGURE, _CONSONANT = 1 / 8, 1 / 100


def damaged(pdf: Path, typeset: Sequence[Page]) -> Path:
    """Give the letter's scan of 300 dpi, which is there, with its damaged text behind it."""
    out = pdf.with_name(f"{pdf.stem}-damaged.pdf")
    if not out.exists():
        chance = random.Random(pdf.stem)
        pages = [
            [replace(line, text=_spoiled(line.text, chance)) for line in page.lines]
            for page in typeset
        ]
        out.write_bytes(layered(pdf.with_name(f"{pdf.stem}-300.pdf").read_bytes(), pages))
    return out


def _spoiled(text: str, chance: random.Random) -> str:
    return "".join(_another(char, chance) for char in text)


def _another(char: str, chance: random.Random) -> str:
    if "๐" <= char <= "๙" and chance.random() < _FIGURE:
        return chance.choice(_FIGURES)
    if "ก" <= char <= "ฮ" and chance.random() < _CONSONANT:
        return chance.choice(_CONSONANTS)
    return char
