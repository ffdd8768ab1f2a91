"""What a check finds: one line for a person, one object for a program."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from gateway.service import Runtime


class State(StrEnum):
    """How a thing stands. Colour only repeats the word."""

    WELL = "well"
    LOOK = "look"  # works, but somebody should look at it
    WRONG = "wrong"

    @property
    def thai(self) -> str:
        """The word in front of the line."""
        return {"well": "ดี", "look": "ควรดู", "wrong": "ผิดปกติ"}[self.value]

    @property
    def colour(self) -> str:
        """The terminal colour of the word."""
        return {"well": "green", "look": "yellow", "wrong": "red"}[self.value]


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: ``check`` is a name for scripts, ``what`` the state, ``todo`` what to do."""

    check: str
    state: State
    what: str
    todo: str = ""

    def as_json(self) -> dict[str, Any]:
        """Give the finding as ``saraban doctor --json`` prints it."""
        return {
            "check": self.check, "state": str(self.state), "what": self.what, "todo": self.todo
        }  # fmt: skip


Check = Callable[[Runtime], Iterator[Finding]]


def well(check: str, what: str) -> Finding:
    """Make a finding that all is well."""
    return Finding(check, State.WELL, what)


def look(check: str, what: str, todo: str) -> Finding:
    """Make a finding that somebody should look at."""
    return Finding(check, State.LOOK, what, todo)


def wrong(check: str, what: str, todo: str) -> Finding:
    """Make a finding of something that is not well."""
    return Finding(check, State.WRONG, what, todo)
