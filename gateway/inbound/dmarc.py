"""DMARC (RFC 9989): what the author's domain asks for, and which domains may speak for it.

Records are found by walking up the DNS tree, at most eight questions a domain (§4.10), without a
list of public suffixes. One floor holds whatever is published: a name that anybody may register
below (``go.th``, ``com``) is nobody's organisation, as if its record said ``psd=y``.

Where no record is found DMARC does not apply, and the plain rule of
:mod:`gateway.inbound.alignment` says who may speak for whom.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from gateway.inbound.alignment import aligned, is_organisation, root_of
from gateway.inbound.inquiry import Inquiry

_VERSION: Final = re.compile(rb"v[ \t]*=[ \t]*DMARC1[ \t]*(?:;|$)")
_WISHES: Final = ("none", "quarantine", "reject")
_MOST_LABELS: Final = 8
_LONGEST: Final = 4096


@dataclass(frozen=True, slots=True)
class Record:
    """One DMARC Policy Record; ``domain`` is where it stands, without ``_dmarc``."""

    domain: str
    tags: dict[str, str]

    @property
    def suffix(self) -> bool:
        """Whether organisations begin one label below this name."""
        return self.tags.get("psd") == "y" or not is_organisation(self.domain)

    @property
    def own(self) -> bool:
        """Whether this name says that it is an organisation of its own."""
        return self.tags.get("psd") == "n" and not self.suffix


@dataclass(frozen=True, slots=True)
class Policy:
    """What applies to an author's domain: the wish for mail that fails, and how to compare.

    ``wish`` is none, quarantine or reject; under test (``t=y``) it is not to be obeyed.
    """

    domain: str
    wish: str
    testing: bool
    strict: frozenset[str]  # methods (dkim, spf) whose domain must be the author's itself

    @property
    def refuses(self) -> bool:
        """Whether the owner asks that mail which fails be refused."""
        return self.wish == "reject" and not self.testing


class Dmarc:
    """DMARC for one letter. Methods raise TemporaryTrustFailure and AskedTooMuch."""

    def __init__(self, inquiry: Inquiry) -> None:
        self._inquiry = inquiry

    def policy(self, author: str) -> Policy | None:
        """Find the policy for mail from this domain (§4.10.1); None when DMARC does not apply."""
        record = self._record(author)
        if record:
            return _policy(record, record.tags.get("p", ""))
        found = self._walk(author)
        if not found:
            return None
        record = self._applicable(found, author)
        wish = record.tags.get("sp")
        if "np" in record.tags and not self._inquiry.exists(author):
            wish = record.tags["np"]
        return _policy(record, record.tags.get("p", "") if wish is None else wish)

    def speaks_for(self, domain: str, author: str, policy: Policy | None, method: str) -> bool:
        """Whether what ``method`` proved for ``domain`` counts for the author's (§4.10.2)."""
        if domain == author:
            return is_organisation(author)
        if not root_of(domain) or root_of(domain) != root_of(author):
            return False
        if policy is None:
            return aligned(domain, author)
        if method in policy.strict:
            return False
        return self.organisation(domain) == self.organisation(author)

    def organisation(self, domain: str) -> str:
        """Find the Organizational Domain of a domain (§4.10.2)."""
        return _organisation(self._walk(domain), domain)

    def _applicable(self, found: list[Record], author: str) -> Record:
        """Prefer the record of the organisation to that of the public suffix above it."""
        organisation = _organisation(found, author)
        return next((one for one in found if one.domain == organisation), found[-1])

    def _walk(self, domain: str) -> list[Record]:
        found = []
        for name in _names(domain):
            if record := self._record(name):
                found.append(record)
                if record.tags.get("psd") in ("y", "n"):
                    break
        return found

    def _record(self, domain: str) -> Record | None:
        """Read the record of a name; several are none (§4.10)."""
        texts = [t for t in self._inquiry.txt(f"_dmarc.{domain}") if _VERSION.match(t)]
        return Record(domain, _tags(texts[0])) if len(texts) == 1 else None


def _organisation(found: list[Record], domain: str) -> str:
    for record in found:  # from the longest name to the shortest
        if record.own:
            return record.domain
        if record.suffix and record.domain != domain:
            return _one_below(record.domain, domain)
    return found[-1].domain if found and not found[-1].suffix else domain


def _one_below(suffix: str, domain: str) -> str:
    """Give the name one label below a public suffix, never above our own floor."""
    labels = domain.split(".")
    below = ".".join(labels[-suffix.count(".") - 2 :])
    return below if is_organisation(below) else root_of(domain) or domain


def _names(domain: str) -> Iterator[str]:
    labels = domain.split(".")
    yield domain
    rest = labels[1:] if len(labels) < _MOST_LABELS else labels[1 - _MOST_LABELS :]
    for place in range(len(rest)):
        yield ".".join(rest[place:])


def _policy(record: Record, wish: str) -> Policy | None:
    """Give the policy; with a wish that is none, ``none`` if reports are wanted, else no DMARC."""
    tags = record.tags
    said = [wish, *(tags[name] for name in ("p", "sp", "np") if name in tags)]
    if "p" not in tags or any(one not in _WISHES for one in said):
        if ":" not in tags.get("rua", ""):
            return None
        wish = "none"
    strict = frozenset(m for m, tag in (("dkim", "adkim"), ("spf", "aspf")) if tags.get(tag) == "s")
    return Policy(record.domain, wish, tags.get("t") == "y", strict)


def _tags(text: bytes) -> dict[str, str]:
    """Read the tags; names and values in lower case, since all that are looked at are words."""
    tags: dict[str, str] = {}
    for part in text[:_LONGEST].decode("latin-1").lower().split(";"):
        name, mark, value = part.partition("=")
        if mark:
            tags.setdefault(name.strip(), value.strip())
    return tags
