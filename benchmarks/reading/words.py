"""What the letters of the corpus are made of (``words.toml``), and provinces with their codes."""

import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

_HELD: Final[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("words.toml").read_text(encoding="utf-8")
)


def some(name: str) -> list[Any]:
    """Give a list of the file: words, or lists of words that belong together."""
    return list(_HELD[name])


def sentence(name: str) -> str:
    """Give a single sentence of the file."""
    return str(_HELD[name])


@cache
def provinces() -> tuple[tuple[str, str], ...]:
    """Give codes and names of provinces, from the project's own list."""
    text = (files("config") / "letter_codes.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)["province"].items())
