"""Entries and letters as programs know them: the keys of docs/JSON.md, for OpenAPI to tell.

What is answered is made by the same functions as for ``--json``; these models only describe it, and
tests hold the two together.
"""

from typing import Any

from pydantic import BaseModel, Field


class ReferenceShape(BaseModel):
    """One อ้างถึง."""

    text: str
    entity: str
    number: str
    dated: str | None
    entry: str | None


class FileShape(BaseModel):
    """The letter itself or an enclosure."""

    name: str
    role: str
    bytes: int
    sha256: str
    media_type: str
    split: bool
    url: str | None
    withheld: bool


class LinkShape(BaseModel):
    """A link to another entry."""

    relation: str
    entry: str
    how: str
    confirmed: bool


class DeliveryShape(BaseModel):
    """One addressee, and how far the letter came."""

    to: str
    state: str
    at: str
    remote_number: str | None
    reported_at: str | None
    is_copy: bool


class CheckShape(BaseModel):
    """One check of the sender (RFC 8601 §2.7)."""

    method: str
    result: str
    domain: str
    detail: str


class SignatureShape(BaseModel):
    """The verdict on one digital signature, as it was found at arrival."""

    kind: str
    sha256: str | None
    outcome: str
    intact: bool | None
    trusted: bool | None
    whole: bool | None
    changed: str
    signer: str
    issuer: str
    signed_at: str | None
    time_proven: bool
    detail: str
    checked_at: str
    facts: dict[str, Any]


class PlaceShape(BaseModel):
    """Where a field stands: left, top, right, bottom in shares of the page."""

    sha256: str
    page: int
    box: list[float]


class FieldShape(BaseModel):
    """One field that was read off the paper."""

    name: str
    position: int
    value: str
    original: str
    confidence: int
    source: str
    place: PlaceShape | None
    facts: dict[str, Any]
    state: str
    by: str


class TrustShape(BaseModel):
    """The verdict on the sender, frozen with the letter; empty where the reader may not know it."""

    means: str | None = None
    domain: str | None = None
    detail: str | None = None
    signed_in: str | None = None
    checks: list[CheckShape] | None = None


class BesideShape(BaseModel):
    """What is known beside an entry or letter; lists do without it."""

    trust: TrustShape
    signatures: list[SignatureShape]
    paper: list[FieldShape]


class EntryLine(BaseModel):
    """One line of a book with all that hangs on it, as lists have it."""

    id: str
    entity: str
    unit: str
    book: str
    series: str
    year: int
    number: int
    letter_number: str
    dated: str | None
    from_: str = Field(alias="from")
    to: str
    subject: str
    urgency: str
    secrecy: str | None
    action: str
    note: str
    due: str | None
    closed: str | None
    date_header: str | None
    accepted_at: str | None
    deemed_received_at: str | None
    registered_at: str
    message_id: str | None
    original_sha256: str | None
    state: str
    references: list[ReferenceShape]
    enclosures: list[FileShape]
    links: list[LinkShape]
    deliveries: list[DeliveryShape]


class LetterLine(BaseModel):
    """A letter without a number, or apart from it, as lists have it."""

    id: str
    entity: str
    direction: str
    state: str
    accepted_at: str
    from_: str = Field(alias="from")
    from_name: str
    to: str
    subject: str
    letter_number: str
    dated: str | None
    urgency: str
    secrecy: str | None
    why_waiting: str
    authenticated: bool
    message_id: str | None
    original_sha256: str | None
    related_entry: str | None
    enclosures: list[FileShape]
    defects: list[str]
    scan: str
    scan_detail: str


class EntryShape(BesideShape, EntryLine):
    """One line of a book with all that hangs on it, and what is known beside it."""


class LetterShape(BesideShape, LetterLine):
    """A letter without a number, or apart from it, and what is known beside it."""


class EntryPage(BaseModel):
    """Some entries, and where the next ones begin; null at the end."""

    items: list[EntryLine]
    cursor: str | None


class LetterPage(BaseModel):
    """Some letters, and where the next ones begin; null at the end."""

    items: list[LetterLine]
    cursor: str | None


class EventShape(BaseModel):
    """One act that was done with an entry or a letter: a line of the journal without its facts."""

    position: int
    type: str
    at: str
    by: str
    entry: str | None
    letter: str | None


class EventPage(BaseModel):
    """Some events, and the position after which the next ones come."""

    items: list[EventShape]
    cursor: int


class SpanShape(BaseModel):
    """A place that matched; ``spans`` are pairs of begin and end in ``text``."""

    where: str
    text: str
    file: str
    spans: list[list[int]]


class HitShape(BaseModel):
    """One letter that was found."""

    letter: str | None
    entry: str | None
    unit: str
    place: str
    letter_number: str
    dated: str | None
    from_: str = Field(alias="from")
    to: str
    subject: str
    urgency: str
    secrecy: str | None
    state: str
    at: str
    matches: list[SpanShape]


class HitPage(BaseModel):
    """What was found; ``total`` and what follows it are told with the first page only."""

    items: list[HitShape]
    cursor: str | None
    total: int | None
    total_exact: bool | None
    notes: list[str]
    offers: list[str]
    explained: list[str]


class DeliveryEventShape(BaseModel):
    """One line of a delivery's history."""

    at: str
    state: str
    detail: str
    by: str


class DeliveryHistoryShape(BaseModel):
    """One addressee with its history."""

    to: str
    to_name: str
    to_entity: str
    state: str
    at: str
    remote_number: str | None
    reported_at: str | None
    is_copy: bool
    history: list[DeliveryEventShape]


class DeliveriesShape(BaseModel):
    """All addressees of an entry."""

    items: list[DeliveryHistoryShape]
