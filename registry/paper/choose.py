"""Which of a letter's files is the letter itself, and what the mail adds to what it says.

A mail may bring the letter, the letter that it passes on, and annexes, all PDFs. The letter is the
one that looks most like one and that no other of them cites; among equals the file that was taken
for the letter at arrival, then the first. What the mail says of itself stands beside it: the same
number or day in both makes a doubtful one sure, and what the paper does not say is taken from the
mail, and is never sure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from registry.letter.page import Page
from registry.letter.paper import HIGH, PaperField
from registry.paper.read import read_pages
from registry.thai.text import fold

_PARTS: Final = ("number", "dated", "subject", "to", "signer")
_AGREED: Final = 96
_FROM_MAIL: Final = 80
_LEAST: Final = 2  # parts from which a file is a letter at all


@dataclass(frozen=True, slots=True)
class Leaf:
    """One file with its pages; ``first`` says that it was taken for the letter at arrival."""

    sha256: str
    pages: tuple[Page, ...]
    first: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """What one file says."""

    leaf: Leaf
    fields: tuple[PaperField, ...]

    @property
    def parts(self) -> int:
        """How many parts of a letter it has."""
        there = {one.name for one in self.fields if not one.facts.get("damaged")}
        return sum(name in there for name in _PARTS)

    def value(self, name: str) -> str:
        """Give the value of a field, "" if it says none."""
        return next((one.value for one in self.fields if one.name == name), "")


def read_papers(leaves: Sequence[Leaf]) -> list[Paper]:
    """Read each file, the letter first; files that are no letters are left out behind it."""
    papers = [Paper(leaf, tuple(read_pages(leaf.pages))) for leaf in leaves]
    cited = {
        str(one.facts["number"])
        for paper in papers
        for one in paper.fields
        if one.name in {"reference", "enclosure"} and "number" in one.facts
    }

    def rank(paper: Paper) -> tuple[bool, bool, int]:
        is_letter = paper.parts >= _LEAST
        return not is_letter, paper.value("number") in cited, -paper.parts - paper.leaf.first

    ranked = sorted(papers, key=rank)
    return ranked[:1] + [one for one in ranked[1:] if one.parts >= _LEAST]


def with_mail(
    paper: Sequence[PaperField], mail: Sequence[PaperField], said: Mapping[str, str]
) -> list[PaperField]:
    """Lay beside what the paper says what the mail says.

    ``said`` are the values that the register took from the mail, by the names of fields.
    """
    found = [_beside(one, said.get(one.name, "")) for one in paper]
    there = {one.name for one in found if one.value}
    found += [
        replace(one, confidence=min(one.confidence, _FROM_MAIL))
        for one in mail
        if one.name not in there and one.name not in said and one.name != "secrecy"
    ]
    found += [
        PaperField(name, value, value, _FROM_MAIL, "mail")
        for name, value in said.items()
        if value and name not in there
    ]
    return _once(found)


def _beside(one: PaperField, said: str) -> PaperField:
    if not said or not one.value:
        return one
    if fold(said) == fold(one.value):
        # A number that was typed with a space in it is cut off in the mail just so.
        firm = one.name in {"number", "dated"} and one.facts.get("odd") != "more"
        sure = max(one.confidence, _AGREED) if firm else one.confidence
        return replace(one, confidence=sure, facts={**one.facts, "agrees": True})
    if one.name in {"number", "dated"} and one.source == "ocr":
        one = replace(one, confidence=min(one.confidence, HIGH - 1))
    return replace(one, facts={**one.facts, "mail": said})


def _once(found: Sequence[PaperField]) -> list[PaperField]:
    """Number the fields of each name anew; an empty value yields to one that says something."""
    kept: dict[str, list[PaperField]] = {}
    for one in found:
        kept.setdefault(one.name, []).append(one)
    return [
        replace(one, position=at)
        for some in kept.values()
        for at, one in enumerate(sorted(some, key=lambda it: (not it.value, it.position)))
    ]
