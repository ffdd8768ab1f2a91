"""Whose a letter number is, in words: พร is จังหวัดแพร่, มท 08 a department of มหาดไทย.

The list is data, ``config/letter_codes.toml``, which an office may correct or replace. It
only helps people to read: a code that it does not know is no error, since new codes
are given out and local bodies have thousands of their own.
"""

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Self

from registry.errors import OutOfOrder
from registry.letter.number import SenderCode

_PREFIX = {"province": "จังหวัด"}
_NO_PREFIX = "กรุงเทพมหานคร"


class LetterCodes:
    """The list of codes, looked up by sender."""

    def __init__(self, names: dict[str, str]) -> None:
        self._names = names

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        """Read the list at ``path``, or the one shipped; OutOfOrder if it cannot be read."""
        source = path or files("config") / "letter_codes.toml"
        try:
            data = tomllib.loads(source.read_text(encoding="utf-8"))
            names = {c: _name(kind, n) for kind, codes in data.items() for c, n in codes.items()}
        except (OSError, ValueError, AttributeError) as wrong:
            raise OutOfOrder(
                f"list of letter codes cannot be read: {source}: {wrong}",
                thai=f"อ่านบัญชีรหัสตัวพยัญชนะไม่ได้ โปรดแก้ไขแฟ้ม {source}",
            ) from wrong
        return cls(names)

    def name(self, sender: SenderCode) -> str | None:
        """Return the department if it is listed, else the body, else None."""
        department = f"{sender.code} {sender.owner[:2]}"
        return self._names.get(department) or self._names.get(sender.code)

    def __len__(self) -> int:
        """Return how many codes are listed."""
        return len(self._names)


def _name(kind: str, name: str) -> str:
    return name if name == _NO_PREFIX else _PREFIX.get(kind, "") + name
