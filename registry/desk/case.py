"""One message as it lies on one entity's desk, with all that was found out about it.

The steps of the story each add what they learn and change nothing: who sent it, whether it
is marked secret, what it says, whether we have it already, which of our entries it may
belong to. What it *is* follows from these alone (:mod:`registry.desk.sort`).
"""

from dataclasses import dataclass

from registry.desk.read import Reading
from registry.letter.entity import LegalEntity
from registry.letter.grades import Secrecy
from registry.letter.message import Message
from registry.letter.sorting import Addressed, Sender, Signal, Tag


@dataclass(frozen=True, slots=True)
class Twin:
    """The same letter, taken in before: its row, its entry if it has one, and its state."""

    letter_id: str
    entry_id: str | None
    state: str


@dataclass(frozen=True, slots=True)
class Case:
    """One message at one entity.

    ``answered`` is the entry that a clerk of the entity answers with it, ``receipt_of`` the
    delivery (id) that it acknowledges; ``echo`` says that it is a mail of our own that came
    back, ``to_machine`` that it answers an acknowledgement or a notice, which a machine wrote.
    """

    message: Message
    entity: LegalEntity
    addressed: tuple[Addressed, ...]
    sender: Sender
    secrecy: Secrecy | None
    reading: Reading
    twin: Twin | None = None
    signals: tuple[Signal, ...] = ()
    answered: str | None = None
    receipt_of: int | None = None
    echo: bool = False
    to_machine: bool = False

    @property
    def by_own_clerk(self) -> bool:
        """Whether a proven clerk of this very entity sent it."""
        officer = self.sender.officer
        return (
            self.sender.proven and officer is not None and officer.entity_code == self.entity.code
        )

    @property
    def by_entity(self) -> bool:
        """Whether it comes, proven, from the central address of a listed entity."""
        return self.sender.proven and self.sender.entity is not None

    @property
    def files(self) -> int:
        """How many files it carries, pictures of the text not counted."""
        return sum(not part.inline for part in self.message.parts)

    @property
    def empty(self) -> bool:
        """Whether there is neither a file nor a word in it."""
        return not self.message.parts and not self.message.own_text.strip()

    def has(self, *tags: Tag) -> bool:
        """Say whether one of the addresses asks for one of these."""
        return any(addressed.tag in tags for addressed in self.addressed)
