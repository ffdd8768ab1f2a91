"""ARC (RFC 8617): what a forwarder that we trust found out before it changed the mail.

A mailing list or a mailbox that forwards breaks SPF, and often DKIM. It may seal what it found: the
results in ARC-Authentication-Results, and two signatures. Anybody can seal, so a chain counts only
if its newest seal is of a domain in ``trust.trusted_sealers``; others are not even verified. The
whole chain must hold, at most 50 sets; the newest message signature is held to the rules for DKIM
(:mod:`gateway.inbound.signatures`). Then the results are read from the newest set down, for as long
as the sealer is one we trust and says ``arc=pass`` of the sets below its own.

dkimpy walks the chain and never sees the body; older message signatures need not hold any more
(§5.2) and are not looked at.
"""

import re
from typing import Any, Final

import dkim

from gateway.inbound.authres import Result, bare, first_proof, read_results
from gateway.inbound.inquiry import AskedTooMuch, Inquiry
from gateway.inbound.resolver import TemporaryTrustFailure
from gateway.inbound.signature_keys import Tags, Void, must_hold, read_tags
from gateway.inbound.signatures import SignedMail, must_cover
from registry.letter.message import Check

MOST_SETS: Final = 50
_INSTANCE: Final = re.compile(rb"\d{1,2}")


def check_chain(
    mail: SignedMail, author: str, sealers: frozenset[str], inquiry: Inquiry
) -> tuple[Check | None, Result | None]:
    """Verify the chain and find what its trusted sealers prove for the author's domain.

    The check is None where there is no seal at all; its domain is that of the newest sealer.
    """
    sealed = _seals(mail)
    if not sealed:
        return None, None
    newest = _domain(sealed.get(max(sealed), {}))
    if not _trusted(newest, sealers):
        return Check("arc", "none", newest, "not a trusted sealer"), None
    try:
        sets = _Chain(mail, inquiry, max(sealed)).verify()
    except Void as void:
        return Check("arc", void.result, newest, str(void)), None
    except TemporaryTrustFailure as failure:
        return Check("arc", "temperror", newest, str(failure)), None
    proof = _proof(sets, author, sealers)
    told = f"{proof.method}=pass {proof.domain}" if proof else "nothing of the author's domain"
    return Check("arc", "pass", newest, f"{len(sets)} sets; {told}"), proof


def _proof(sets: list[dict[str, Any]], author: str, sealers: frozenset[str]) -> Result | None:
    for one in sets:  # from the newest
        if not _trusted(one["as-domain"].decode("latin-1").lower(), sealers):
            return None
        _, _, value = bare(one["aar-value"]).partition(";")  # i=1
        _, _, value = value.partition(";")  # the server's name
        results = read_results(value)
        if proof := first_proof(results, author):
            return proof
        if not any(r.method == "arc" and r.result == "pass" for r in results):
            return None
    return None


def _seals(mail: SignedMail) -> dict[int, Tags]:
    """Read the seals by their instance, unverified."""
    seals = [read_tags(value) for name, value in mail.fields if name.lower() == b"arc-seal"]
    numbered = (one for one in seals if _INSTANCE.fullmatch(one.get(b"i", b"")))
    return {int(one[b"i"]): one for one in numbered}


def _trusted(domain: str, sealers: frozenset[str]) -> bool:
    return any(domain == one or domain.endswith(f".{one}") for one in sealers)


def _domain(tags: Tags) -> str:
    return tags.get(b"d", b"").decode("latin-1").lower()[:253]


class _Chain:
    """One chain; dkimpy calls :meth:`_holds` for each of its signatures."""

    def __init__(self, mail: SignedMail, inquiry: Inquiry, newest: int) -> None:
        self._mail = mail
        self._inquiry = inquiry
        self._newest = newest
        self._why: Void | TemporaryTrustFailure | None = None
        self._signer = mail.signer(dkim.ARC)
        self._signer.verify_sig = self._holds

    def verify(self) -> list[dict[str, Any]]:
        """Give the sets, the newest first. Raises Void and TemporaryTrustFailure."""
        if self._newest > MOST_SETS:
            raise Void("fail", f"more than {MOST_SETS} sets")
        try:
            verdict, sets, why = self._signer.verify()
        except Exception as error:
            raise Void("fail", f"unreadable ({type(error).__name__})") from error
        if self._why:
            raise self._why
        if verdict != dkim.CV_Pass:
            raise Void("fail", str(why)[:200])
        return list(sets)

    def _holds(self, tags: Tags, signed: list[bytes], field: Any, _: object) -> bool:
        message = field[0].lower() == b"arc-message-signature"
        if self._why or (message and tags[b"i"] != str(self._newest).encode()):
            return False
        try:
            if message:
                must_cover(signed, {name.lower() for name, _ in self._signer.headers})
                self._mail.must_have_body(tags, b"relaxed/relaxed")
            must_hold(self._signer, tags, signed, field, self._inquiry)
        except AskedTooMuch as much:
            self._why = Void("fail", str(much))
        except (Void, TemporaryTrustFailure) as why:
            self._why = why
        return self._why is None
