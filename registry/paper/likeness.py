"""How near two texts are: numbers by the letters that differ, subjects by what they share."""

from difflib import SequenceMatcher
from typing import Final

from registry.thai.text import fold

_LONGEST: Final = 300


def differ(one: str, other: str, most: int) -> int:
    """Count the characters that must be changed, put in or taken out; at most ``most`` + 1.

    Both are short: numbers, codes.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    row = list(range(len(other) + 1))
    for at, char in enumerate(one, 1):
        above, row = row, [at]
        for place, mark in enumerate(other, 1):
            least = min(above[place] + 1, row[-1] + 1, above[place - 1] + (char != mark))
            row.append(least)
    return min(row[-1], most + 1)


def likeness(one: str, other: str) -> float:
    """Give how much two subjects share, 0 to 1."""
    a, b = fold(one)[:_LONGEST], fold(other)[:_LONGEST]
    if not a or not b:
        return 0.0
    return SequenceMatcher(None, a, b, autojunk=False).ratio()
