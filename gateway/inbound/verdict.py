"""Who sent a mail that proves itself by what it carries: signatures, its way here, seals.

*Authenticated* is a mail whose author's domain is proven by an aligned DKIM signature or an aligned
SPF pass, whether or not a DMARC policy is published; where one is, it says what is aligned. If
neither holds, an intact ARC chain of a sealer we trust may still prove it. Behind a forwarder, and
for collected mail, SPF would judge the wrong host and is left out.

Everything that was found out goes into ``Trust.checks``. DNS that does not answer matters only
where the answer could have proven the author; then TemporaryTrustFailure is raised.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Self

from gateway.inbound.alignment import ascii_domain, root_of
from gateway.inbound.arc import check_chain
from gateway.inbound.dmarc import Dmarc, Policy
from gateway.inbound.envelope import Envelope
from gateway.inbound.inquiry import AskedTooMuch, Inquiry
from gateway.inbound.resolver import TemporaryTrustFailure
from gateway.inbound.signatures import SignedMail, check_signatures
from gateway.inbound.spf import check_host
from gateway.settings import TrustSettings
from registry.letter.message import Check, Listener, Means, Trust

_LONGEST = 300
_MEANS = {"dkim": Means.DKIM, "spf": Means.SPF}


@dataclass(frozen=True, slots=True)
class Rules:
    """What the settings say: our own name, and the sealers (domains) that we believe."""

    authserv_id: str = ""
    sealers: frozenset[str] = frozenset()

    @classmethod
    def of(cls, settings: TrustSettings, hostname: str) -> Self:
        """Read the rules from the settings; ``hostname`` is our name where they give none."""
        sealers = frozenset(ascii_domain(one) for one in settings.trusted_sealers if one.strip())
        return cls(ascii_domain(settings.authserv_id or hostname), sealers)


def judge(
    mail: SignedMail, envelope: Envelope, author: str, inquiry: Inquiry, rules: Rules
) -> Trust:
    """Judge the author's domain (lower case A-labels) by the mail itself."""
    trust = _Case(mail, envelope, author, inquiry, rules).trust()
    checks = tuple(
        Check(one.method, one.result, _plain(one.domain), _plain(one.detail))
        for one in trust.checks
    )
    return replace(trust, detail=_plain(trust.detail), checks=checks)


class _Case:
    def __init__(
        self, mail: SignedMail, envelope: Envelope, author: str, inquiry: Inquiry, rules: Rules
    ) -> None:
        self._mail = mail
        self._author = author
        self._inquiry = inquiry
        self._rules = rules
        self._dmarc = Dmarc(inquiry)
        self._checks = check_signatures(mail, author, inquiry)
        if not envelope.forwarder and envelope.listener is Listener.MX:
            self._checks.append(check_host(envelope, inquiry, rules.authserv_id or "unknown"))

    def trust(self) -> Trust:
        try:
            policy = self._dmarc.policy(self._author)
            proof = next((one for one in self._checks if self._counts(one, policy)), None)
            result = self._result(policy, proof)
        except (TemporaryTrustFailure, AskedTooMuch) as error:
            policy, proof = None, self._the_very_domain()
            if proof is None:
                self._wait_if_near("pass", error)
            word = "temperror" if isinstance(error, TemporaryTrustFailure) else "permerror"
            result = Check("dmarc", word, self._author, str(error))
        if proof:
            checks = (*self._checks, result)
            return Trust(_MEANS[proof.method], proof.domain, _evidence(proof), checks=checks)
        return self._by_seal(result) or self._unproven(result)

    def _counts(self, check: Check, policy: Policy | None) -> bool:
        return check.result == "pass" and self._dmarc.speaks_for(
            check.domain, self._author, policy, check.method
        )

    def _the_very_domain(self) -> Check | None:
        """Give what proves the author whatever DMARC would say."""
        same = (one for one in self._checks if self._near(one) == self._author)
        return next((one for one in same if one.result == "pass"), None)

    def _near(self, check: Check) -> str:
        """Give the check's domain if it could speak for the author, else ""."""
        root = root_of(self._author)
        return check.domain if root and root_of(check.domain) == root else ""

    def _result(self, policy: Policy | None, proof: Check | None) -> Check:
        if policy is None:
            return Check("dmarc", "none", self._author)
        wish = f"p={policy.wish}{' t=y' if policy.testing else ''} at {policy.domain}"
        return Check("dmarc", "pass" if proof else "fail", self._author, wish)

    def _by_seal(self, dmarc: Check) -> Trust | None:
        check, proof = check_chain(self._mail, self._author, self._rules.sealers, self._inquiry)
        if check is None:
            return None
        self._checks.append(check)
        if not proof:
            return None
        detail = f"ARC: {check.domain} says {proof.method}=pass for {proof.domain}"
        return Trust(Means.ARC, proof.domain, detail, checks=(*self._checks, dmarc))

    def _unproven(self, dmarc: Check) -> Trust:
        self._wait_if_near("temperror", TemporaryTrustFailure("DNS did not answer"))
        said = next(self._reasons(dmarc), "no aligned DKIM signature")
        return Trust(detail=said, checks=(*self._checks, dmarc))

    def _wait_if_near(self, result: str, error: Exception) -> None:
        """Let the letter wait if a check with this result might yet prove the author."""
        near = any(one.result == result and self._near(one) for one in self._checks)
        sealed = any(one.method == "arc" and one.result == result for one in self._checks)
        if isinstance(error, TemporaryTrustFailure) and (near or sealed):
            failed = next((one.detail for one in self._checks if one.result == "temperror"), "")
            raise TemporaryTrustFailure(failed or str(error)) from error

    def _reasons(self, dmarc: Check) -> Iterator[str]:
        if dmarc.result == "fail" and dmarc.detail.startswith("p=reject at"):
            yield f"DMARC: {self._author} asks that it be refused ({dmarc.detail})"
        for one in self._checks:
            if one.method == "dkim" and self._near(one):
                yield f"DKIM: {one.detail}"


def _evidence(proof: Check) -> str:
    return f"{proof.method.upper()}: d={proof.domain} {proof.detail}".rstrip()


def _plain(text: str) -> str:
    """Make what strangers wrote fit for the books: printable, and not without end."""
    return "".join(one if one.isprintable() else "?" for one in text[:_LONGEST])
