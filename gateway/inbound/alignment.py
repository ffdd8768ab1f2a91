"""When one domain may speak for another: the same, or one above the other in one organisation.

``mail.phrae.go.th`` may sign for ``phrae.go.th`` and the other way round; ``go.th`` may sign for
nobody, since everyone's domain lies below it. No list of public suffixes is carried: under ``th``,
and under any country that registers names below words such as ``co`` or ``gov``, an
organisation's domain has three labels, elsewhere two. Narrower than RFC 7489 §3.1.1: two
neighbours under one organisation do not speak for each other.
"""

from typing import Final

_SECOND_LEVEL: Final = frozenset(
    {"ac", "co", "com", "ed", "edu", "go", "gob", "gouv", "gov", "govt", "gv", "in", "info"}
    | {"lg", "mi", "mil", "ne", "net", "or", "org", "sch", "nhs", "police", "ltd", "plc", "me"}
)


def aligned(one: str, other: str) -> bool:
    """Whether these domains, lower case A-labels, belong together."""
    one, other = one.lower().rstrip("."), other.lower().rstrip(".")
    if not one or not other:
        return False
    if one == other:
        return is_organisation(one)
    upper, lower = sorted((one, other), key=len)
    return lower.endswith(f".{upper}") and is_organisation(upper)


def is_organisation(domain: str) -> bool:
    """Whether a domain is somebody's, and not one below which anybody may register."""
    labels = domain.split(".")
    if not all(labels):
        return False
    country = len(labels[-1]) == 2
    shared = labels[-1] == "th" or (country and len(labels) > 1 and labels[-2] in _SECOND_LEVEL)
    return len(labels) >= (3 if shared else 2)
