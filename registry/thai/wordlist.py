"""The list of Thai words, and the cutting of a text by it.

The list is that of PyThaiNLP, read as a file; nlpo3 does the cutting, nine million bytes a second.
Both are loaded when they are first asked for and cost some 60 MB: only processes that read files or
keep the index should ask.
"""

from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

_NAME: Final = "saraban"


@cache
def cutter() -> Callable[[str], list[str]]:
    """Give what cuts a run of Thai letters into words. Raises ModuleNotFoundError."""
    from nlpo3 import load_dict, segment

    load_dict(str(_path()), _NAME)

    def words_of(text: str) -> list[str]:
        return list(segment(text, _NAME))

    return words_of


@cache
def words() -> frozenset[str]:
    """Give all words of the list. Raises ModuleNotFoundError."""
    return frozenset(_path().read_text(encoding="utf-8").split())


def _path() -> Path:
    package = find_spec("pythainlp")
    if package is None or not package.submodule_search_locations:
        raise ModuleNotFoundError("pythainlp is not installed: it has the word list")
    return Path(package.submodule_search_locations[0]) / "corpus" / "words_th.txt"
