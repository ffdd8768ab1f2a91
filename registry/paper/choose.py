"""Which of a letter's files is the letter itself, and what the mail adds to what it says.

A mail may bring the letter, the letter that it passes on, and annexes, all PDFs. The letter is the
one that looks most like one and that no other of them cites; among these the one whose number the
mail says, then the file that was taken for the letter at arrival, then the first. Where two whole
letters came, and neither is cited nor said, nobody but a person knows which is meant.

What the mail says of itself stands beside it: the same number or day in both makes a doubtful one
sure, and what the paper does not say is taken from the mail, and is never sure.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
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
_WHOLE: Final = 4
_SEVERAL: Final = 60


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


def read_papers(leaves: Sequence[Leaf], said: str = "") -> list[Paper]:
    """Read each file, the letter first; files that are no letters are left out behind it.

    ``said`` is the number that the mail gives, "" if none.
    """
    papers = [Paper(leaf, tuple(read_pages(leaf.pages))) for leaf in leaves]
    cited = {
        str(one.facts["number"])
        for paper in papers
        for one in paper.fields
        if one.name in {"reference", "enclosure"} and "number" in one.facts
    }

    def rank(paper: Paper) -> tuple[bool, bool, bool, int]:
        is_letter, number = paper.parts >= _LEAST, paper.value("number")
        is_said = bool(said) and number == said
        return not is_letter, number in cited, not is_said, -paper.parts - paper.leaf.first

    ranked = sorted(papers, key=rank)
    letters = [one for one in ranked[1:] if one.parts >= _LEAST]
    others = {one.value("number") for one in letters if one.parts >= _WHOLE} - cited
    return [_one_of(paper, others, said) for paper in ranked[:1]] + letters


def _one_of(paper: Paper, others: AbstractSet[str], said: str) -> Paper:
    """Give the letter, doubted if another came with it that may be meant as well.

    A letter that encloses letters need not say their numbers.
    """
    others = others - {paper.value("number"), ""}
    encloses = any(one.name == "enclosure" and "หนังสือ" in one.value for one in paper.fields)
    if not others or encloses or paper.value("number") in {said, ""}:
        return paper
    fields = (_among(one) if one.name in {"number", "dated"} else one for one in paper.fields)
    return replace(paper, fields=tuple(fields))


def _among(one: PaperField) -> PaperField:
    return replace(
        one, confidence=min(one.confidence, _SEVERAL), facts={**one.facts, "odd": "letters"}
    )


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
