"""What a typeset letter says, part by part, in the order of หนังสือภายนอก (ข้อ 11).

The demonstration keeps its letters as TOML files beside this module, so that they can be read and
changed without touching code.
"""

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Paper:
    """One letter on paper; texts are Thai and complete, lists are in printed order."""

    number: str
    owner: tuple[str, ...]
    date: str
    subject: str
    to: str
    body: tuple[str, ...]
    signer: str
    position: tuple[str, ...]
    unit: tuple[str, ...]
    urgency: str = ""
    references: tuple[str, ...] = ()
    enclosures: tuple[str, ...] = ()
    closing: str = "ขอแสดงความนับถือ"


def read(name: str) -> Paper:
    """Read one of the letters that ship with the demonstration, by file name without ending."""
    text = (files("saraban.demo") / "letters" / f"{name}.toml").read_text(encoding="utf-8")
    values: dict[str, Any] = tomllib.loads(text)
    values |= {key: tuple(value) for key, value in values.items() if isinstance(value, list)}
    return Paper(**values)
