"""The small things that requests are made of: ids, words, days; read strictly, tidied at once.

Text is taken without characters that no text column holds. What a person must write may not be
blank. Nothing is turned from one type into another: a number is no text.
"""

from datetime import date, datetime, timedelta
from typing import Annotated, Any, Final

from fastapi import Path
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.json_schema import WithJsonSchema

from registry.clock import BANGKOK
from registry.thai.text import tidy

_ID: Final = r"^[a-z2-7]{16}$"
_SEEN: Final = r"[!-~ก-ฮ]"  # text of marks and spaces alone says nothing


class Asked(BaseModel):
    """The base of all requests: no other fields than those named, none of another type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def _tidied(text: str) -> str:
    return tidy(text).strip()


def _written(text: str) -> str:
    found = _tidied(text)
    if not found:
        raise ValueError("is blank")
    return found


def _day(text: str) -> str:
    if len(text) != 10:
        raise ValueError("is no day of the form YYYY-MM-DD")
    date.fromisoformat(text)
    return text


def day_of(text: str | None) -> date | None:
    """Give the day of a field of type :data:`Day`."""
    return date.fromisoformat(text) if text else None


def begin_of(day: str | None) -> datetime | None:
    """Give the moment at which a day begins in Bangkok."""
    found = day_of(day)
    return datetime(found.year, found.month, found.day, tzinfo=BANGKOK) if found else None


def end_of(day: str | None) -> datetime | None:
    """Give the moment at which the day after begins in Bangkok."""
    begin = begin_of(day)
    return begin + timedelta(days=1) if begin else None


Id = Annotated[str, Path(pattern=_ID, description="An id of 16 characters.")]
IdField = Annotated[str, Field(pattern=_ID, description="An id of 16 characters.")]
Digest = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$", description="SHA-256 in hex.")]
Text = Annotated[str, Field(max_length=2000), AfterValidator(_tidied)]
LongText = Annotated[str, Field(max_length=100_000), AfterValidator(_tidied)]
Written = Annotated[
    str, Field(min_length=1, max_length=2000, pattern=_SEEN), AfterValidator(_written)
]
Day = Annotated[
    str, AfterValidator(_day), WithJsonSchema({"type": "string", "format": "date"})
]  # fmt: skip
Code = Annotated[str, Field(min_length=1, max_length=40), AfterValidator(_written)]
Rests = Annotated[
    bool,
    Field(description="Rest for `web.undo_seconds` before it leaves, so that it can be undone."),
]
AnyObject = dict[str, Any]
