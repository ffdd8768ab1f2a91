"""The signatures of a PDF (ISO 32000-1 12.8), each verified by itself, without asking anybody.

pyHanko compares the digest of what was signed, follows the certificates to an anchor of ours, and
looks at what was added to the file after the signature. What it finds is told fact by fact: a file
may be intact and its signer unknown, or the other way about. The file is read, never written; it is
digested in blocks, so its size costs time and no memory.

Runs in the process that may fall over (:mod:`registry.texts.child`). Limits: fifty signatures of a
file; pictures of signatures, and signatures on paper, are none.
"""

from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import (
    EmbeddedPdfSignature,
    SignatureCoverageLevel,
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)

from registry.pdf.ending import is_cut_off
from registry.pdf.signatures_trust import USAGE, at_once, context, timed, told, unknown

_MOST: Final = 50
_CHANGES: Final = {
    ModificationLevel.NONE: "none", ModificationLevel.LTA_UPDATES: "proofs",
    ModificationLevel.FORM_FILLING: "forms", ModificationLevel.ANNOTATIONS: "notes",
}  # fmt: skip


def verify_pdf(path: Path, anchors: list[x509.Certificate], at: datetime) -> list[dict[str, Any]]:
    """Give the verdicts on a PDF's signatures, in the order in which they were made.

    A verdict is a dict as :func:`registry.pdf.signatures_trust.unknown` has it; ``facts`` carry
    besides ``changed`` (none, proofs, forms, notes, other: what was added since), ``certified`` and
    ``stamp`` (a time stamp of the whole file). Raises OSError, MemoryError.
    """
    with path.open("rb") as file:
        if is_cut_off(file):
            return [unknown("broken")]
        try:
            reader = _opened(file)
            if reader is None:
                return [unknown("locked")]
            signatures = list(reader.embedded_signatures)
        except (OSError, MemoryError):
            raise
        except Exception:  # noqa: BLE001 - pyHanko raises anything at all on broken files
            return [unknown("broken")]
        return [_verdict(one, anchors, at) for one in signatures[:_MOST]]


def _opened(file: BinaryIO) -> PdfFileReader | None:
    """Open a PDF; None for one behind a password."""
    reader = PdfFileReader(file, strict=False)
    if reader.encrypted and not _decrypted(reader):
        return None
    return reader


def _decrypted(reader: PdfFileReader) -> bool:
    from pyhanko.pdf_utils.crypt import AuthStatus

    return reader.decrypt("").status is not AuthStatus.FAILED


def _verdict(
    signature: EmbeddedPdfSignature, anchors: list[x509.Certificate], at: datetime
) -> dict[str, Any]:
    try:
        if signature.sig_object_type == "/DocTimeStamp":
            status = at_once(async_validate_pdf_timestamp(signature, context(anchors, at)))
            found = told(status) | {
                "signed_at": status.timestamp.isoformat(), "time_proven": bool(status.trusted)
            }  # fmt: skip
            return _with_changes(found, status, stamp=True)
        status = _status(signature, anchors, at)
        stamp = status.timestamp_validity
        if status.trust_problem_indic and stamp is not None and stamp.trusted:
            earlier = _status(signature, anchors, stamp.timestamp)  # it was proven to be older
            status = earlier if earlier.trust_problem_indic is None else status
        found = _with_changes(told(status) | timed(status), status, stamp=False)
        found["facts"]["certified"] = signature.docmdp_level is not None
    except (OSError, MemoryError):
        raise
    except Exception:  # noqa: BLE001 - a signature that makes no sense is told as such
        return unknown("broken")
    return found


def _status(signature: EmbeddedPdfSignature, anchors: list[x509.Certificate], at: datetime) -> Any:
    return at_once(
        async_validate_pdf_signature(
            signature, context(anchors, at), context(anchors, at), key_usage_settings=USAGE
        )
    )


def _with_changes(found: dict[str, Any], status: Any, *, stamp: bool) -> dict[str, Any]:
    """Say what of the file it covers, and what was added since."""
    whole = status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    level = _CHANGES.get(status.modification_level, "other")
    changed = "none" if whole else level if status.docmdp_ok else "other"
    return found | {
        "whole": whole,
        "facts": found["facts"] | {"changed": changed, "certified": False, "stamp": stamp},
    }
