"""What one letter of the corpus says, as it is printed, and what is true of it."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Look:
    """How it is set: the font and its size in points, digits, and habits of the office."""

    font: str
    size: float
    thai: bool = True
    beside: bool = True  # the office stands beside ที่, not under it
    spaced: bool = True  # "เรื่อง" with room behind it
    emblem: bool = True
    left: float = 30.0  # margin, mm


@dataclass(frozen=True, slots=True)
class Stamp:
    """A receive stamp at the top right (form 12)."""

    entity: str
    lines: tuple[str, ...]
    colour: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter in printed order; digits are Arabic here, ``look.thai`` says how they are set."""

    kind: str  # external | stamped | memo | order
    look: Look
    number: str
    owner: tuple[str, ...]
    date: str
    subject: str
    greeting: str
    to: str
    body: tuple[str, ...]
    closing: str
    signer: str
    position: tuple[str, ...]
    unit: tuple[str, ...]
    urgency: str = ""
    secrecy: str = ""
    references: tuple[str, ...] = ()
    enclosures: tuple[str, ...] = ()
    stamp: Stamp | None = None
    break_before: int = 0  # a paragraph that begins the second page
    truth: list[dict[str, Any]] = field(default_factory=list)

    def says(self, name: str, value: str, **facts: Any) -> None:
        """Note a field as it ought to be read; its position is the next of its name."""
        position = sum(one["name"] == name for one in self.truth)
        self.truth.append({"name": name, "value": value, "position": position, "facts": facts})
