"""When one domain may speak for another: the same, or one above the other in one organisation.

``mail.phrae.go.th`` may sign for ``phrae.go.th`` and the other way round; ``go.th`` may sign for
nobody, since everyone's domain lies below it. No list of public suffixes is carried: under ``th``,
and under any country that registers names below words such as ``co`` or ``gov``, an
organisation's domain has three labels, elsewhere two.

This is the rule where no DMARC record says more, and the floor where one does: whatever is
published in DNS, a name that anybody may register below is no organisation. Without a record two
neighbours under one organisation do not speak for each other; with one,
:mod:`gateway.inbound.dmarc` decides.
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


def root_of(domain: str) -> str:
    """Give the shortest name above a domain that is somebody's; "" when there is none."""
    labels = domain.split(".")
    above = (".".join(labels[n:]) for n in range(len(labels) - 1, -1, -1))
    return next((name for name in above if is_organisation(name)), "")


def ascii_domain(domain: str) -> str:
    """Write a domain as DNS has it: lower case A-labels (RFC 5890); itself when it is no name."""
    domain = domain.strip().rstrip(".").lower()
    try:
        return domain if domain.isascii() else domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain


def is_organisation(domain: str) -> bool:
    """Whether a domain is somebody's, and not one below which anybody may register."""
    labels = domain.split(".")
    if not all(labels):
        return False
    country = len(labels[-1]) == 2
    shared = labels[-1] == "th" or (country and len(labels) > 1 and labels[-2] in _SECOND_LEVEL)
    return len(labels) >= (3 if shared else 2)
