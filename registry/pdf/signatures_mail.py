"""The signature of a mail (S/MIME): of the very bytes that came, which were laid out before.

What was signed is a stretch of the raw mail, or lies within the signature; where it begins and
ends is found where mails are understood (``gateway.inbound.smime``). Here it is digested in blocks
and compared, as for PDFs (:mod:`registry.pdf.signatures`).

Limits: the first signer of several; a mail whose signature holds it is read into memory.
"""

from datetime import datetime
from pathlib import Path
from typing import Any

from asn1crypto import cms, pem, x509
from pyhanko.sign.validation import async_validate_cms_signature, async_validate_detached_cms
from pyhanko.sign.validation.generic_cms import extract_self_reported_ts
from pyhanko.sign.validation.status import StandardCMSSignatureStatus

from registry.pdf.signatures_trust import USAGE, at_once, context, timed, told, unknown


def verify_mail(
    seal: Path, mail: Path, begin: int, end: int, anchors: list[x509.Certificate], at: datetime
) -> list[dict[str, Any]]:
    """Give the verdict on a mail's signature, the file ``seal``; at most one.

    The bytes [begin, end) of ``mail`` were signed; with none, what the signature holds. Verdicts
    are as :func:`registry.pdf.signatures_trust.unknown` has them. An envelope that is only
    enciphered holds none. Raises OSError, MemoryError.
    """
    data = seal.read_bytes()
    try:
        content = cms.ContentInfo.load(pem.unarmor(data)[2] if pem.detect(data) else data)
        if content["content_type"].native == "enveloped_data":
            return []
        status = _status(content["content"], mail, begin, end, anchors, at)
        return [told(status) | timed(status) | {"whole": None}]
    except (OSError, MemoryError):
        raise
    except Exception:  # noqa: BLE001 - a signature that makes no sense is told as such
        return [unknown("broken")]


def _status(
    signed: cms.SignedData, mail: Path, begin: int, end: int, anchors: list[x509.Certificate],
    at: datetime,
) -> Any:  # fmt: skip
    judged = context(anchors, at)
    if end <= begin:
        said = extract_self_reported_ts(signed["signer_infos"][0])
        within = async_validate_cms_signature(
            signed, status_cls=StandardCMSSignatureStatus, validation_context=judged,
            key_usage_settings=USAGE, status_kwargs={"signer_reported_dt": said},
        )  # fmt: skip
        return at_once(within)
    with mail.open("rb") as file:
        file.seek(begin)
        beside = async_validate_detached_cms(
            file, signed, judged, context(anchors, at), key_usage_settings=USAGE,
            max_read=end - begin,
        )  # fmt: skip
        return at_once(beside)
