"""What each setting means in Thai, for the officers' pages: the table ``meanings.th.toml`` beside.

The settings themselves and what they mean in English stand with their fields, in the code; this
table only says them again for administrators who read Thai. A test of the house sees that it
leaves none out and holds none that is no more.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def meanings() -> Mapping[str, Mapping[str, str]]:
    """Give the lines by section and key; the key "" is the section itself."""
    text = (files("saraban.config") / "meanings.th.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
