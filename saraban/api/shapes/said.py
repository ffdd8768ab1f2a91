"""What acts answer that give neither an entry nor a letter."""

from pydantic import BaseModel


class Told(BaseModel):
    """Whether a mail tells the sender; where none does, a person must."""

    letter: str
    sender_told: bool


class HandedIn(BaseModel):
    """What became of a letter that was handed in: `state` is draft, sent or returned."""

    letter: str
    entry: str | None
    state: str
    number: int | None
    year: int | None


class LaidDown(BaseModel):
    """A file that came in whole; `upload` names it in a request within 20 hours."""

    upload: str
    name: str
    bytes: int
    sha256: str
    media_type: str
    withheld: bool


class ReceiverShape(BaseModel):
    """One who may be written to, by `token`; `kind` is entity, unit, group or mail."""

    token: str
    kind: str
    name: str
    place: str
    address: str


class ReceiversShape(BaseModel):
    """Suggestions, the most likely first."""

    items: list[ReceiverShape]


class EntityShape(BaseModel):
    """A legal entity of the directory."""

    code: str
    name: str
    address: str
    letter_code: str
    hosted: bool
    phone: str
    province: str
    district: str


class UnitShape(BaseModel):
    """A unit of the token's own entity."""

    code: str
    name: str
    letter_code: str
    keeps_books: bool


class UnitsShape(BaseModel):
    """All units."""

    items: list[UnitShape]


class WebhookShape(BaseModel):
    """One subscription; `secret` is told once, when it is made."""

    id: int
    url: str
    events: list[str]
    created_at: str
    failing_since: str | None
    ended_at: str | None
    secret: str | None


class WebhooksShape(BaseModel):
    """All subscriptions of the entity, also those that ended."""

    items: list[WebhookShape]
