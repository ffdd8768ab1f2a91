"""Domains that look like those of an agency, and are not.

A letter from ``dla-go.th`` or ``d1a.go.th`` may be read as one from ``dla.go.th`` by any officer in
a hurry. Nothing is refused for it: the letter waits, and the reason names both domains.

Looked for are: letters that look alike (0 and o, 1 and l, rn and m; Cyrillic, Greek, accented and
full-width letters, also in names that DNS writes ``xn--…``), dots and hyphens put elsewhere, one
or two letters changed, the name under another suffix or behind a hyphen, and the whole name in
front of a stranger's. Limits: names of three letters resemble too much and are only compared whole;
``phrae.labour.go.th`` may be the labour office of Phrae, and where the suffix is the agency's own
nobody can take a name below it by himself, so that the same first label alone is no warning there.
"""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from typing import Final

_ALIKE: Final = (
    ("rn", "m"), ("vv", "w"), ("0", "o"), ("1", "l"), ("3", "e"), ("5", "s"), ("8", "b"), ("i", "l")
)  # fmt: skip
_LOOKS_LIKE: Final = {  # letters of other alphabets, after accents have been taken off
    "a": "аα", "b": "вьβƅ", "c": "сϲ", "d": "ԁđ", "e": "еεє", "g": "ɡԍ", "h": "һнʜ", "i": "іıɩι",
    "j": "ј", "k": "кκ", "l": "ӏłǀ", "m": "м", "n": "пηո", "o": "оοօø", "p": "рρ", "q": "ԛ",
    "r": "г", "s": "ѕ", "t": "тτ", "u": "υս", "v": "νѵ", "w": "ԝωшщ", "x": "хχ", "y": "уγ",
}  # fmt: skip
_FOREIGN: Final = {ord(seen): meant for meant, all_ in _LOOKS_LIKE.items() for seen in all_} | {
    ord("๐") + digit: str(digit) for digit in range(10)
}
_SHORTEST_NAME: Final = 4  # letters of the first label
_SHORTEST_WORD: Final = 5  # the same where a hyphen follows
_SHORTEST_DOMAIN: Final = 7  # letters of the whole, dots not counted
_LONG_DOMAIN: Final = 12  # from here two letters may differ
_LONGEST: Final = 120  # of a domain that is compared at all; longer ones are read by nobody


def resembles(domain: str, known: Iterable[str]) -> str | None:
    """Give the known domain that this one could be mistaken for; None when it is one itself."""
    return _laid_out(frozenset(known)).like(domain)


class _Known:
    """Some known domains, laid out so that looking a stranger up costs a few milliseconds.

    Made once and used for many; 8,000 domains take some megabytes and a tenth of a second.
    """

    def __init__(self, domains: Iterable[str]) -> None:
        self._domains = frozenset(one.lower() for one in domains if one)
        self._names: dict[str, str] = {}
        self._shapes: dict[str, str] = {}
        for one in sorted(self._domains, reverse=True):  # the first in order stays
            self._names[_shape(one.partition(".")[0])] = one
            self._shapes[_shape(one)] = one
        self._lengths = {len(shape) for shape in self._shapes}
        self._by_length: dict[int, list[tuple[str, int]]] = {}
        for shape in self._shapes:
            self._by_length.setdefault(len(shape), []).append((shape, _letters(shape)))

    def like(self, domain: str) -> str | None:
        """Give the one that this domain could be mistaken for."""
        seen = domain.lower().rstrip(".")
        if not seen or len(seen) > _LONGEST or self._is_known(seen):
            return None
        shape = _shape(seen)
        whole = self._shapes.get(shape) or self._in_front(shape) or self._named(seen)
        return whole or self._near(shape)

    def _is_known(self, domain: str) -> bool:
        labels = domain.split(".")
        return any(".".join(labels[n:]) in self._domains for n in range(len(labels)))

    def _in_front(self, shape: str) -> str | None:
        """Find a known domain at the beginning of a longer one."""
        lengths = (n for n in sorted(self._lengths) if _SHORTEST_DOMAIN <= n < len(shape))
        found = (self._shapes.get(shape[:n]) for n in lengths)
        return next(filter(None, found), None)

    def _named(self, domain: str) -> str | None:
        """Find a known name under another suffix, or with a word hung on (``phrae-online.com``)."""
        first, _, suffix = domain.partition(".")
        word = _readable(first).partition("-")[0]
        for name, shortest in ((_shape(first), _SHORTEST_NAME), (_shape(word), _SHORTEST_WORD)):
            found = self._names.get(name) if len(name) >= shortest else None
            if found and not f".{suffix}".endswith(f".{found.partition('.')[2]}"):
                return found
        return None

    def _near(self, shape: str) -> str | None:
        letters = _letters(shape)
        for length in range(len(shape) - 2, len(shape) + 3):
            if length < _SHORTEST_DOMAIN:
                continue
            allowed = 1 if length < _LONG_DOMAIN else 2
            if abs(length - len(shape)) > allowed:
                continue
            for other, others in self._by_length.get(length, ()):
                # A change of one letter changes the set of letters by two at most.
                if (letters ^ others).bit_count() > 2 * allowed:
                    continue
                if _within(allowed, shape, other):
                    return self._shapes[other]
        return None


@lru_cache(maxsize=2)
def _laid_out(domains: frozenset[str]) -> _Known:
    """Lay out the domains of the directory; kept until the directory changes."""
    return _Known(domains)


def _shape(domain: str) -> str:
    """Write the domain as a hurried eye sees it."""
    text = unicodedata.normalize("NFKD", _readable(domain)).casefold().translate(_FOREIGN)
    text = "".join(one for one in text if not unicodedata.combining(one))
    for seen, meant in _ALIKE:
        text = text.replace(seen, meant)
    return text.replace("-", "").replace(".", "").replace("_", "")


def _readable(domain: str) -> str:
    """Write A-labels (RFC 5890) as people see them."""
    if "xn--" not in domain:
        return domain
    return ".".join(_label(label) for label in domain.split("."))


def _label(label: str) -> str:
    try:
        return label[4:].encode("ascii").decode("punycode") if label[:4] == "xn--" else label
    except UnicodeError:
        return label


def _letters(shape: str) -> int:
    """Give the set of letters as bits; several rare letters may share one."""
    bits = 0
    for letter in shape:
        bits |= 1 << (ord(letter) % 61)
    return bits


def _within(allowed: int, one: str, two: str) -> bool:
    """Say whether so few letters inserted, dropped or changed make one of the other."""
    same = _same(one, two)
    one, two = one[same:][::-1], two[same:][::-1]
    same = _same(one, two)
    one, two = one[same:], two[same:]
    row = list(range(len(two) + 1))
    for line, left in enumerate(one, start=1):
        corners = pairwise(row)
        row = [line]
        for right, (corner, above) in zip(two, corners, strict=True):
            row.append(min(above + 1, row[-1] + 1, corner + (left != right)))
        if min(row) > allowed:
            return False
    return row[-1] <= allowed


def _same(one: str, two: str) -> int:
    """Count the letters at the beginning that are the same."""
    pairs = enumerate(zip(one, two, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(two)))
