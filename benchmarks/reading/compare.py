"""What was read, held against what is true: found, missed, wrong, and wrong though sure.

Numbers, dates and grades must be the same to the letter. Texts must be the same without spaces; for
each it is also told how many are within one letter in twenty (``near``), since OCR of a long เรื่อง
may err in one letter and the officer still knows it. Lists are compared item by item.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, Final

from registry.letter.paper import HIGH, PaperField
from registry.thai.numerals import to_arabic
from registry.thai.text import fold

NAMES: Final = (
    "number",
    "dated",
    "subject",
    "owner",
    "to",
    "reference",
    "enclosure",
    "urgency",
    "secrecy",
    "signer",
    "contact",
    "stamp",
    "due",
    "task",
)
TEXTS: Final = frozenset({"subject", "owner", "to", "signer", "enclosure"})
_NEAR: Final = 0.95


@dataclass(slots=True)
class Score:
    """Counts over many letters, by name of field."""

    true: Counter[str] = field(default_factory=Counter)
    read: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    near: Counter[str] = field(default_factory=Counter)
    sure: Counter[str] = field(default_factory=Counter)
    sure_wrong: Counter[str] = field(default_factory=Counter)
    surely_wrong: list[str] = field(default_factory=list)
    letters: int = 0
    whole: int = 0  # letters whose number, date and เรื่อง are all right

    def add(self, truth: Sequence[dict[str, Any]], read: Iterable[PaperField]) -> list[str]:
        """Count one letter, and say what was not right."""
        self.letters += 1
        found = [one for one in read if one.value and _is_said(one)]
        wrong: list[str] = []
        for name in NAMES:
            wrong += self._add(
                name,
                [one for one in truth if one["name"] == name],
                [one for one in found if one.name == name],
            )
        heads = {one.split(" ", 1)[0] for one in wrong}
        self.whole += not heads & {"number", "dated", "subject"}
        return wrong

    def _add(self, name: str, truth: list[dict[str, Any]], read: list[PaperField]) -> list[str]:
        self.true[name] += len(truth)
        self.read[name] += len(read)
        left, wrong = list(truth), []
        for one in sorted(
            read, key=lambda got: -max((_like(name, t, got) for t in truth), default=0)
        ):
            best = max(left, key=lambda t: _like(name, t, one), default=None)
            like = _like(name, best, one) if best else 0.0
            self.right[name] += like == 1
            self.near[name] += like >= _NEAR
            is_sure = one.confidence >= HIGH
            self.sure[name] += is_sure
            self.sure_wrong[name] += is_sure and like < _NEAR
            if like >= _NEAR and best:
                left.remove(best)
            if like < 1:
                told = f"{best['value']} {best['facts']}" if best else "nothing"
                wrong.append(f"{name} {one.confidence}: {one.value} {dict(one.facts)} | {told}")
            if is_sure and like < _NEAR:
                meant = best["value"] if best else "nothing"
                self.surely_wrong.append(f"`{name}` ({one.confidence}) {one.value} for {meant}")
        wrong += [f"{name} missed: {one['value']} {one['facts']}" for one in left if not read]
        return wrong


def _is_said(one: PaperField) -> bool:
    """Say whether it is a value, or only what stands where one should be."""
    return not one.facts.get("damaged") or bool(one.facts.get("by_office"))


def _like(name: str, truth: dict[str, Any], got: PaperField) -> float:
    """Say how far a field is as it should be: 1 is right."""
    facts, said = truth["facts"], got.facts
    if name in {"reference", "stamp"}:
        return float(
            all(str(said.get(key, "")) == str(facts.get(key, "")) for key in ("number", "dated"))
        )
    if name == "contact":
        return float(_figures(said.get("phone", "")) == _figures(facts.get("phone", "")))
    if name == "task":
        return float(said.get("whom") == facts["whom"])
    if name == "enclosure" and int(said.get("quantity") or 0) != facts["quantity"]:
        return 0.0
    if name in TEXTS:
        one, two = _plain(truth["value"]), _plain(got.value)
        return (
            1.0
            if one == two
            else min(0.999, SequenceMatcher(None, one, two, autojunk=False).ratio())
        )
    return float(truth["value"] == got.value)


def _plain(text: str) -> str:
    return "".join(fold(text).split())


def _figures(text: str) -> str:
    return "".join(char for char in to_arabic(text) if char.isdigit())
