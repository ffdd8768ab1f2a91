"""A letter that stands within its signature is read like any other; the signature stays."""

import pytest
from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs7

from gateway.inbound.forbidden import Forbidden
from gateway.inbound.looking import forbidden_in
from gateway.inbound.opaque import MOST_PIECES
from gateway.inbound.smime import lay_out
from gateway.inbound.split import DEEPEST
from registry.desk.screen import screen
from registry.letter.grades import Secrecy
from registry.pdf.signatures_mail import verify_mail
from registry.pdf.signatures_trust import certificates
from tests.gateway.inbound.mails import HEAD, Reader, multipart, part
from tests.gateway.inbound.test_inside import encoded
from tests.gateway.inbound.tnef_writer import attachment, message
from tests.registry.pdf import signing

PDF = b"%PDF-1.4\n" + b"x" * 100_000
TEXT = "ที่ มท ๐๓๐๙.๒/๖๐๐๑\r\nเรียน ผู้ว่าราชการจังหวัด".encode()
PLAIN = "text/plain; charset=utf-8"
LETTER = multipart(part(TEXT, PLAIN), encoded(PDF, "application/pdf; name=a.pdf"), head=b"")
TOLD = HEAD.decode().replace("MIME-Version: 1.0\r\n", "")
SEALED = "sealed as a whole"


@pytest.fixture
def reader(tmp_path):
    return Reader(tmp_path)


def opaque(entity, *kind):
    return signing.opaque_mail(signing.signature_around(entity, signing.somying()), TOLD, *kind)


def endless(tag, *content):
    return bytes([tag, 0x80]) + b"".join(content) + b"\0\0"


def in_pieces(seal, length):
    """Write a signature as those do who do not know how much comes (BER)."""
    info = cms.ContentInfo.load(seal)
    signed = info["content"]
    held = signed["encap_content_info"]
    data = held["content"].native
    pieces = [data[at : at + length] for at in range(0, len(data), length)]
    octets = [b"\x04\x82" + len(one).to_bytes(2) + one for one in pieces]
    inner = endless(0x30, held["content_type"].dump(), endless(0xA0, endless(0x24, *octets)))
    facts = signed["version"].dump() + signed["digest_algorithms"].dump()
    rest = signed["certificates"].dump() + signed["signer_infos"].dump()
    whole = endless(0xA0, endless(0x30, facts, inner, rest))
    return endless(0x30, info["content_type"].dump(), whole)


def test_text_and_files_are_those_of_the_letter_within(reader):
    mail = reader.read(opaque(LETTER))
    seal, paper = mail.parts
    assert mail.text == TEXT.decode().replace("\r\n", "\n")
    assert (mail.subject, mail.parsed, mail.defects) == ("test", True, ())
    assert (seal.name, seal.decoration, seal.taken_from) == ("smime.p7m", True, None)
    assert (paper.name, paper.decoration, paper.taken_from) == ("a.pdf", False, seal.position)
    assert reader.content(paper) == PDF


def test_the_original_needs_the_signature_and_nothing_of_what_was_in_it(reader):
    sent = opaque(LETTER)
    mail = reader.read(sent)
    reader.blobs.path(mail.parts[1].sha256).unlink()
    assert [step["sha256"] for step in mail.original.recipe] == [mail.parts[0].sha256]
    assert reader.original(mail) == sent
    assert list((reader.blobs.root / "staging").glob("tmp*")) == []


@pytest.mark.parametrize(
    "kind", ["application/x-pkcs7-mime", "application/pkcs7-mime; smime-type=enveloped-data"]
)
def test_what_the_signature_is_counts_and_not_what_the_mail_calls_it(reader, kind):
    assert [one.name for one in reader.read(opaque(LETTER, kind)).parts] == ["smime.p7m", "a.pdf"]


def test_a_letter_in_many_pieces_is_read_and_its_signature_holds(reader, tmp_path):
    seal = in_pieces(signing.signature_around(LETTER, signing.somying()), 1000)
    mail = reader.read(signing.opaque_mail(seal, TOLD))
    assert reader.content(mail.parts[1]) == PDF
    laid = lay_out(mail.original, reader.blobs, tmp_path)
    anchors = certificates(signing.root().pem)
    [one] = verify_mail(laid.seal, laid.mail, laid.begin, laid.end, anchors, signing.NOW)
    assert (one["intact"], one["trusted"], laid.whole) == (True, True, True)


def test_more_pieces_than_anybody_makes_stay_closed(reader):
    pieces = b"\x04\x01x" * MOST_PIECES
    seal = in_pieces(signing.signature_around(b"x" * 9, signing.somying()), 9)
    mail = reader.read(
        signing.opaque_mail(seal.replace(b"\x04\x82\0\x09" + b"x" * 9, pieces), TOLD)
    )
    assert SEALED in mail.defects[-1]


def test_files_within_files_are_taken_out_too(reader):
    winmail = encoded(message(attachment(b"b.pdf", PDF)))
    mail = reader.read(opaque(multipart(part(TEXT, PLAIN), winmail, head=b"")))
    assert [(one.position, one.taken_from) for one in mail.parts] == [(0, None), (2, 0), (3, 2)]
    assert [one.decoration for one in mail.parts] == [True, True, False]


def test_the_subject_of_a_whole_mail_that_was_signed_is_the_letters(reader):
    inner = HEAD.replace(b"Subject: test", "Subject: [ลับ] บัญชี".encode()) + b"Content-Type: "
    mail = reader.read(opaque(part(inner + part(TEXT, PLAIN)[14:], "message/rfc822")))
    assert (mail.subject, mail.parsed) == ("[ลับ] บัญชี", True)
    assert mail.text.startswith("test\n\nที่ มท")
    assert [one.name for one in mail.parts] == ["smime.p7m"]
    assert screen(mail) is Secrecy.CONFIDENTIAL


def test_a_marking_outside_is_not_lost_to_another_subject_inside(reader):
    sent = opaque(b"Subject: other\r\n" + part(TEXT, PLAIN))
    mail = reader.read(sent.replace(b"Subject: test", "Subject: [ลับ] test".encode()))
    assert (mail.subject, screen(mail)) == ("[ลับ] test", Secrecy.CONFIDENTIAL)
    assert mail.text.startswith("other\n\n")


def test_a_letter_within_is_bounded_like_any_other(reader):
    deep = part(b"x")
    for level in range(DEEPEST + 1):
        deep = multipart(deep, boundary=f"B{level}", head=b"")
    mail = reader.read(opaque(deep))
    assert not mail.parsed
    assert mail.text.startswith("Content-Type: multipart/mixed")
    assert mail.defects[0] == f"parts deeper than {DEEPEST}"
    assert not mail.parts[0].decoration


def enciphered():
    whose = signing.certified("ผู้รับ", None, clock=True)
    builder = pkcs7.PKCS7EnvelopeBuilder().set_data(LETTER).add_recipient(whose.certificate)
    return builder.encrypt(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])


def only_certificates():
    whose: list[x509.Certificate] = [signing.somying().certificate]
    return pkcs7.serialize_certificates(whose, serialization.Encoding.DER)


@pytest.mark.parametrize(
    "seal",
    [
        enciphered,
        only_certificates,
        lambda: signing.signature_around(LETTER, signing.somying())[:-1],
        lambda: in_pieces(signing.signature_around(LETTER, signing.somying()), 1000)[:9000],
        lambda: signing.signature_around(PDF, signing.somying()),
        lambda: b"0\x89" + bytes(20),
        lambda: b"",
    ],
    ids=["enciphered", "certificates", "cut", "cut pieces", "no mail", "rubble", "nothing"],
)
def test_what_holds_no_letter_is_kept_as_it_is_and_says_so(reader, seal):
    mail = reader.read(signing.opaque_mail(seal(), TOLD))
    assert [(one.name, one.decoration) for one in mail.parts] == [("smime.p7m", False)]
    assert (mail.text, mail.parsed) == ("", True)
    assert SEALED in mail.defects[-1]


def test_a_forbidden_file_within_is_seen_at_the_door(tmp_path):
    mail = tmp_path / "mail"
    mail.write_bytes(opaque(multipart(encoded(b"x", "text/plain; name=run.exe"), head=b"")))
    assert forbidden_in(mail, Forbidden([".exe"])) == ".exe"
    assert forbidden_in(mail, Forbidden([".js"])) == ""
    assert list(tmp_path.iterdir()) == [mail]


def test_a_signature_beside_the_letter_is_no_enclosure(reader):
    mail = reader.read(signing.signed_mail("เรียน", signing.somying(), head=TOLD))
    assert [(one.name, one.decoration) for one in mail.parts] == [("smime.p7s", True)]


@pytest.mark.parametrize("kind", ["signed", "mixed"])
def test_a_file_that_only_says_that_it_is_a_signature_is_shown(reader, kind):
    first = part(b"0\x82", "application/pkcs7-signature; name=a.p7s")
    paper = encoded(PDF, "application/pkcs7-signature; name=b.p7s")
    parts = (part(b"x"), paper) if kind == "signed" else (part(b"x"), first, paper)
    assert not any(one.decoration for one in reader.read(multipart(*parts, kind=kind)).parts)
