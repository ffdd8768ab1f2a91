"""Domains that look like those of an agency, and are not.

A letter from ``dla-go.th`` or ``d1a.go.th`` may be read as one from ``dla.go.th`` by any officer in
a hurry. Nothing is refused for it: the letter waits, and the reason names both domains.

Looked for are: letters that look alike (0 and o, 1 and l, rn and m), dots and hyphens put
elsewhere, one or two letters changed, the name under another suffix, and the whole name
in front of a stranger's. Limit: names of three letters resemble too much and are only
compared whole.
"""

from collections.abc import Iterable
from itertools import pairwise

_ALIKE = (("rn", "m"), ("vv", "w"), ("0", "o"), ("1", "l"), ("5", "s"), ("i", "l"))
_SHORTEST_NAME = 4  # letters of the first label
_SHORTEST_DOMAIN = 7  # letters of the whole, dots not counted


def resembles(domain: str, known: Iterable[str]) -> str | None:
    """Give the known domain that this one could be mistaken for; None when it is one itself."""
    listed = sorted(set(known))
    if any(domain == one or domain.endswith(f".{one}") for one in listed):
        return None
    return next((one for one in listed if _alike(domain, one)), None)


def _alike(domain: str, known: str) -> bool:
    name, other = domain.partition(".")[0], known.partition(".")[0]
    if name == other and len(name) >= _SHORTEST_NAME:
        return True
    one, two = _shape(domain), _shape(known)
    if len(two) < _SHORTEST_DOMAIN:
        return one == two
    allowed = 1 if len(two) < 12 else 2
    return one.startswith(two) or (_maybe(one, two, allowed) and _distance(one, two) <= allowed)


def _shape(domain: str) -> str:
    """Write the domain as a hurried eye sees it."""
    for seen, meant in _ALIKE:
        domain = domain.replace(seen, meant)
    return domain.replace("-", "").replace(".", "").replace("_", "")


def _maybe(one: str, two: str, allowed: int) -> bool:
    """Rule out cheaply: a change of one letter changes the set of letters by two at most."""
    return abs(len(one) - len(two)) <= allowed and len(set(one) ^ set(two)) <= 2 * allowed


def _distance(one: str, two: str) -> int:
    """Count the letters to insert, drop or change (Levenshtein)."""
    row = list(range(len(two) + 1))
    for line, left in enumerate(one, start=1):
        corners = pairwise(row)
        row = [line]
        for right, (corner, above) in zip(two, corners, strict=True):
            row.append(min(above + 1, row[-1] + 1, corner + (left != right)))
    return row[-1]
