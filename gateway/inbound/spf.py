"""SPF (RFC 7208): whether the domain of the envelope sender lets this host send for it.

pyspf evaluates the record; its questions go through the letter's inquiry, so that they are cached
and bounded in number and time. The limits of RFC 7208 §4.6.4 hold besides: ten lookups, two that
find nothing. For the null sender the name in HELO is judged (§2.4). Explanations (``exp=``) are not
fetched: strangers would write them into our evidence.

A pass says nothing of From; whether the domains belong together is DMARC's question.
"""

from typing import Any, Final

import spf

from gateway.inbound.alignment import ascii_domain
from gateway.inbound.envelope import Envelope
from gateway.inbound.inquiry import AskedTooMuch, Inquiry
from gateway.inbound.resolver import TemporaryTrustFailure
from registry.letter.message import Check

_LONGEST: Final = 200


def check_host(envelope: Envelope, inquiry: Inquiry, receiver: str = "unknown") -> Check:
    """Judge the client by the record of the envelope sender's domain.

    ``receiver`` is our own name (macro ``r``). Never raises for what the record says; DNS that
    does not answer is the result temperror.
    """
    local, _, domain = envelope.mail_from.rpartition("@")
    domain = ascii_domain(domain or envelope.helo)
    if "." not in domain or domain.startswith("[") or not envelope.peer:
        return Check("spf", "none", domain, "no domain to ask")
    sender = f"{local or 'postmaster'}@{domain}"
    try:
        query = spf.query(i=envelope.peer, s=sender, h=envelope.helo or domain, receiver=receiver)
        query.dns = _Records(query, inquiry).find
        query.get_explanation = _no_explanation
        result, _, text = query.check()
    except spf.PermError as error:
        return Check("spf", "permerror", domain, str(error)[:_LONGEST])
    except Exception as error:  # noqa: BLE001 - a record that breaks the library allows nobody
        return Check("spf", "permerror", domain, f"unreadable ({type(error).__name__})")
    said = (
        text if result.endswith("error") else f"{envelope.peer} by {query.mechanism or 'default'}"
    )
    return Check("spf", result, domain, said[:_LONGEST] if result != "none" else "")


class _Records:
    """Answers pyspf's questions in its manner: values by kind, TXT as lists of byte strings."""

    def __init__(self, query: Any, inquiry: Inquiry) -> None:
        self._query = query
        self._inquiry = inquiry

    def find(
        self, name: str, kind: str, *_: Any, ignore_void: bool = False, **__: Any
    ) -> list[Any]:
        try:
            records = self._inquiry.ask(str(name), kind)
        except TemporaryTrustFailure as failure:
            raise spf.TempError(str(failure)) from failure
        except AskedTooMuch as much:
            raise spf.PermError(str(much)) from much
        if not records and not ignore_void:
            self._query.void_lookups += 1
            if self._query.void_lookups > spf.MAX_VOID_LOOKUPS:
                raise spf.PermError("too many lookups that found nothing")
        return [_value(record, kind) for record in records]


def _value(record: Any, kind: str) -> Any:
    if kind in ("A", "AAAA"):
        return record.address
    if kind == "MX":
        return record.preference, str(record.exchange).rstrip(".")
    if kind == "PTR":
        return str(record.target).rstrip(".")
    return list(record.strings)


def _no_explanation(_: object) -> None:
    return None
