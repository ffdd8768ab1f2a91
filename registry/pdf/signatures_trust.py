"""Whom we trust to vouch for signers, and what a signature's certificate says of them.

Trust is what the office laid into a folder: every certificate there is an anchor, be it a root or
the one that issues. Nothing is asked of the network, so whether a certificate was revoked is not
known, and is not claimed. Runs in the process that may fall over (:mod:`registry.texts.child`).

What certificates say is strangers' text: it is cut, and kept to one printable line.
"""

import logging
from collections.abc import Coroutine, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from asn1crypto import pem, x509
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext

for _library in ("pyhanko", "pyhanko_certvalidator"):  # they would quote what strangers wrote
    logging.getLogger(_library).setLevel(logging.CRITICAL)

USAGE: Final = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"})
"""What a signer's certificate must be made for: one of these."""
_ENDINGS: Final = frozenset({".pem", ".crt", ".cer", ".der"})
_MOST_FILES: Final = 500
_MOST_BYTES: Final = 1_000_000  # of one file
_LONGEST: Final = 200  # characters of what a certificate says
_TROUBLES: Final = {
    "NO_CERTIFICATE_CHAIN_FOUND": "unknown", "CERTIFICATE_CHAIN_GENERAL_FAILURE": "unknown",
    "OUT_OF_BOUNDS_NO_POE": "expired", "OUT_OF_BOUNDS_NOT_REVOKED": "expired",
    "NOT_YET_VALID": "not_yet", "REVOKED_NO_POE": "revoked", "REVOKED_CA_NO_POE": "revoked",
    "CHAIN_CONSTRAINTS_FAILURE": "purpose", "CRYPTO_CONSTRAINTS_FAILURE": "weak",
    "CRYPTO_CONSTRAINTS_FAILURE_NO_POE": "weak",
}  # fmt: skip


def anchors_in(folder: Path | None) -> list[x509.Certificate]:
    """Give the certificates of a folder; none for no folder, what is no certificate is left out."""
    if folder is None or not folder.is_dir():
        return []
    files = sorted(one for one in folder.iterdir() if one.suffix.lower() in _ENDINGS)
    found = []
    for file in files[:_MOST_FILES]:
        if file.stat().st_size <= _MOST_BYTES:
            found += certificates(file.read_bytes())
    return found


def certificates(data: bytes) -> list[x509.Certificate]:
    """Give the certificates of a file, PEM or DER; an empty list if there is none in it."""
    try:
        encoded = [data]
        if pem.detect(data):
            encoded = [one for kind, _, one in pem.unarmor(data, multiple=True)
                       if kind == "CERTIFICATE"]  # fmt: skip
        found = [x509.Certificate.load(one) for one in encoded]
        for one in found:
            one.native  # noqa: B018 - it is read lazily, and may be rubble
    except (ValueError, TypeError):
        return []
    return found


def context(anchors: list[x509.Certificate], at: datetime) -> ValidationContext:
    """Give what one chain is judged by, as of ``at``; used once."""
    return ValidationContext(
        trust_roots=anchors, allow_fetching=False, moment=at, revocation_mode="soft-fail",
        time_tolerance=timedelta(minutes=5),
    )  # fmt: skip


def at_once(work: Coroutine[Any, Any, Any]) -> Any:
    """Give the outcome of a coroutine of pyHanko: with nothing to fetch it waits for nothing.

    Raises what it raises; RuntimeError if it would wait.
    """
    try:
        work.send(None)
    except StopIteration as end:
        return end.value
    work.close()
    raise RuntimeError("it waits")


def told(status: Any) -> dict[str, Any]:
    """Give what a status of pyHanko says of signer and trust, as :func:`unknown` has it.

    ``trusted`` is of the certificate alone: it holds also of a file that was changed.
    """
    certificate = status.signing_cert
    trouble = status.trust_problem_indic
    trusted = (trouble is None and status.validation_path is not None) if status.valid else None
    why = _TROUBLES.get(getattr(trouble, "name", ""), "other") if trouble else ""
    if why == "expired" and status.validation_time < certificate.not_valid_before:
        why = "not_yet"
    if why in ("unknown", "purpose") and certificate.self_issued:
        why = "self_signed"
    return {
        "intact": status.intact and status.valid, "trusted": trusted,
        "signer": _name(certificate.subject), "issuer": _name(certificate.issuer),
        "facts": {
            "trouble": why, "serial": f"{certificate.serial_number:x}",
            "valid_from": certificate.not_valid_before.isoformat(),
            "valid_until": certificate.not_valid_after.isoformat(),
            "certificate": certificate.sha256.hex(),
            "addresses": [one for mail in _addresses(certificate)[:20] if (one := _line(mail))],
        },
    }  # fmt: skip


def timed(status: Any) -> dict[str, Any]:
    """Give when it was signed, and whether a trusted clock says so or the signer alone."""
    stamp = getattr(status, "timestamp_validity", None)
    proven = bool(stamp is not None and stamp.trusted)
    at: datetime | None = getattr(status, "signer_reported_dt", None)
    if stamp is not None and proven:
        at = stamp.timestamp
    return {"signed_at": at.isoformat() if at and at.tzinfo else None, "time_proven": proven}


def unknown(why: str) -> dict[str, Any]:
    """Give the verdict on a signature of which nothing can be found out; ``why`` is a word."""
    return {
        "intact": None, "trusted": None, "whole": None, "signer": "", "issuer": "",
        "signed_at": None, "time_proven": False, "facts": {"trouble": why},
    }  # fmt: skip


def _name(name: x509.Name) -> str:
    """Say who it is: the common name, and the organisation behind it."""
    try:
        held: Mapping[str, Any] = name.native
    except (ValueError, TypeError):
        return ""
    parts = [_one(held.get(key)) for key in ("common_name", "organization_name")]
    person, office = (_line(part) for part in parts)
    if person and office and office != person:
        return f"{person} ({office})"
    return person or office or _line(name.human_friendly)


def _one(value: Any) -> str:
    return str(value[0] if isinstance(value, list) and value else value or "")


def _addresses(certificate: x509.Certificate) -> list[str]:
    try:
        names = certificate.subject_alt_name_value or ()
        found = [one.native for one in names if one.name == "rfc822_name"]
        mail = certificate.subject.native.get("email_address")
    except (ValueError, TypeError):
        return []
    return [str(one).casefold() for one in dict.fromkeys([*found, *([_one(mail)] if mail else [])])]


def _line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text[:1000]).split())[:_LONGEST]
