"""What a message can turn out to be, and who sent it to whom, as the desk sees it."""

from dataclasses import dataclass
from enum import StrEnum

from registry.letter.entity import LegalEntity, Officer


class Kind(StrEnum):
    """What a message is to the entity it reached."""

    LETTER = "letter"  # a letter, new or an answer to one of ours
    ACKNOWLEDGEMENT = "acknowledgement"  # a receipt, by machine or by a person
    BOUNCE = "bounce"
    DUPLICATE = "duplicate"
    NOTE = "note"  # a clerk's answer without a file
    DISPATCH = "dispatch"  # a clerk's letter that is to go out
    SLIP = "slip"  # a clerk asks for a number
    SECRET = "secret"  # noqa: S105 - a kind of letter, not a password
    AUTOMATIC = "automatic"  # vacation and other machine mail: never becomes anything
    UNCLEAR = "unclear"


class Tag(StrEnum):
    """What the part behind the plus of an address asks for."""

    NONE = "none"  # the central address itself
    DISPATCH = "dispatch"  # +code of an entity, unit or group
    REPLY = "reply"  # +r-token
    BOUNCE = "bounce"  # +b-token
    NUMBER = "number"  # +number
    POSTMASTER = "postmaster"
    UNKNOWN = "unknown"  # a code that names nobody


@dataclass(frozen=True, slots=True)
class Addressed:
    """One envelope recipient as this office understands it."""

    address: str
    entity: LegalEntity
    tag: Tag
    code: str = ""  # text behind the plus, case-folded


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent it: an entity by exact central address, a clerk by exact From, or neither.

    ``proven`` says that the address may be believed; ``hint`` is an entity that only fits by
    domain.
    """

    address: str
    name: str
    proven: bool
    entity: LegalEntity | None = None
    officer: Officer | None = None
    hint: LegalEntity | None = None


@dataclass(frozen=True, slots=True)
class Signal:
    """One reason to believe that a message belongs to an entry of ours.

    ``how`` is token | references | cited | subject | same_number; ``score`` is 0-100; ``certain``
    links at once, anything else is a suggestion that an officer confirms.
    """

    entry_id: str
    how: str
    score: int
    certain: bool
    why: str  # Thai, one line


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a message at one entity."""

    kind: Kind
    entity_code: str
    letter_id: str | None = None
    entry_id: str | None = None
    state: str = ""  # state of the letter row
    number: int | None = None
    year: int | None = None
