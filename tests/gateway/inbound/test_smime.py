"""What of a mail was signed is found byte for byte, and the signature holds on just that."""

import pytest

from gateway.inbound.smime import lay_out
from registry.blobs import BlobStore
from registry.letter.message import Original
from registry.pdf.signatures_mail import verify_mail
from registry.pdf.signatures_trust import certificates
from tests.registry.pdf import signing

TEXT = "เรียน นายอำเภอ\n\nขอส่งหนังสือ  \n--ไม่ใช่เส้นแบ่ง\n"
HEAD = "From: somying@dla.example\r\nSubject: test\r\n"


@pytest.fixture
def judged(tmp_path):
    """Give what is laid out of a mail, and the verdicts on it."""
    blobs = BlobStore(tmp_path / "blobs")

    def judge(mail: bytes):
        sha256 = blobs.put(mail)
        laid = lay_out(Original(sha256, len(mail), "whole", sha256), blobs, tmp_path)
        if laid is None:
            return None, []
        anchors = certificates(signing.root().pem)
        return laid, verify_mail(laid.seal, laid.mail, laid.begin, laid.end, anchors, signing.NOW)

    return judge


@pytest.mark.parametrize("opaque", [False, True])
def test_a_signed_mail_is_intact_and_its_signer_trusted(judged, opaque):
    laid, [one] = judged(signing.signed_mail(TEXT, signing.somying(), opaque=opaque, head=HEAD))
    assert laid.whole
    assert (one["intact"], one["trusted"]) == (True, True)
    assert one["signer"].startswith(signing.SIGNER)
    assert one["signed_at"]
    assert one["facts"]["addresses"] == ["somying@dla.example"]


def test_a_letter_that_was_changed_on_its_way_breaks_the_seal(judged):
    mail = signing.signed_mail(TEXT, signing.somying(), head=HEAD)
    _, [one] = judged(mail.replace("ขอส่ง".encode(), "ขอรับ".encode()))
    assert (one["intact"], one["trusted"]) == (False, True)


def test_a_strangers_signature_is_intact_and_not_trusted(judged):
    _, [one] = judged(signing.signed_mail(TEXT, signing.stranger(), head=HEAD))
    assert (one["intact"], one["trusted"]) == (True, False)


def test_what_stands_beside_the_signed_part_is_told_not_to_be_covered(judged):
    inner = signing.signed_mail(TEXT, signing.somying())
    outer = (
        HEAD.encode() + b'Content-Type: multipart/mixed; boundary="OUT"\r\n\r\n--OUT\r\n' + inner
        + b"\r\n--OUT\r\nContent-Type: text/plain\r\n\r\nmore\r\n--OUT--\r\n"
    )  # fmt: skip
    laid, [one] = judged(outer)
    assert not laid.whole
    assert one["intact"]


def test_rubble_for_a_signature_is_no_verdict_and_no_error(judged):
    mail = signing.signed_mail(TEXT, signing.somying(), head=HEAD)
    begin = mail.index(b"MII")
    _, [one] = judged(mail[:begin] + b"AAAA" + mail[begin + 400 :])
    assert one["intact"] is None


def test_a_mail_without_signature_and_an_attached_signed_one_are_left_alone(judged):
    assert judged(HEAD.encode() + b"\r\nplain\r\n") == (None, [])
    attached = (
        HEAD.encode() + b"Content-Type: message/rfc822\r\n\r\n"
        + signing.signed_mail(TEXT, signing.somying(), head=HEAD)
    )  # fmt: skip
    assert judged(attached) == (None, [])
