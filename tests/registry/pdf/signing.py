"""A house of certificates of the tests' own, and PDFs and mails signed with them."""

import base64
import datetime as dt
import io
from dataclasses import dataclass
from functools import lru_cache

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
SIGNER = "สมหญิง ใจงาม"
OFFICE = "กรมการปกครอง"


@dataclass(frozen=True)
class Paired:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

    @property
    def asn1(self) -> asn1_x509.Certificate:
        return asn1_x509.Certificate.load(self.certificate.public_bytes(serialization.Encoding.DER))

    @property
    def asn1_key(self) -> asn1_keys.PrivateKeyInfo:
        return asn1_keys.PrivateKeyInfo.load(
            self.key.private_bytes(
                serialization.Encoding.DER, serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )  # fmt: skip

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)


def certified(
    name: str, by: Paired | None, *, ca: bool = False, until: dt.datetime | None = None,
    clock: bool = False,
) -> Paired:  # fmt: skip
    """Make a certificate; by itself if by nobody."""
    key = (
        rsa.generate_private_key(65537, 2048) if clock else ec.generate_private_key(ec.SECP256R1())
    )
    subject = x509.Name([
        x509.NameAttribute(NameOID.COMMON_NAME, name),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, OFFICE),
    ])  # fmt: skip
    usage = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "encipher_only",
         "decipher_only", "digital_signature", "content_commitment", "key_cert_sign", "crl_sign"),
        False,
    )  # fmt: skip
    usage |= {"key_cert_sign": True} if ca else {"digital_signature": True}
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - dt.timedelta(days=1000))
        .not_valid_after(until or NOW + dt.timedelta(days=365))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.RFC822Name("somying@dla.example")]), critical=False
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if clock:
        purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(purpose, critical=True)
    return Paired(builder.sign(by.key if by else key, hashes.SHA256()), key)


@lru_cache
def root() -> Paired:
    return certified("ผู้ออกใบรับรอง", None, ca=True, until=NOW.replace(year=2120))


@lru_cache
def somying() -> Paired:
    return certified(SIGNER, root())


@lru_cache
def expired() -> Paired:
    return certified(SIGNER, root(), until=NOW - dt.timedelta(days=30))


@lru_cache
def clock() -> DummyTimeStamper:
    """A clock that is trusted, and says the day on which :func:`expired` was still good."""
    who = certified("นาฬิกา", root(), clock=True)
    day = NOW - dt.timedelta(days=60)
    store = SimpleCertificateStore()
    store.register(root().asn1)
    return DummyTimeStamper(who.asn1, who.asn1_key, certs_to_embed=store, fixed_dt=day)


@lru_cache
def stranger() -> Paired:
    return certified("ใครก็ไม่รู้", None)


def signed_pdf(
    data: bytes,
    who: Paired,
    field: str = "Signature1",
    *,
    certify: bool = False,
    timed: bool = False,
) -> bytes:
    """Sign a PDF as its next revision."""
    store = SimpleCertificateStore()
    store.register(root().asn1)
    signer = signers.SimpleSigner(
        signing_cert=who.asn1, signing_key=who.asn1_key, cert_registry=store
    )
    out = io.BytesIO()
    facts = signers.PdfSignatureMetadata(
        field_name=field, certify=certify, subfilter=fields.SigSeedSubFilter.PADES,
        docmdp_permissions=fields.MDPPerm.FILL_FORMS,
    )  # fmt: skip
    signers.sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(data)), facts, signer, output=out,
        timestamper=clock() if timed else None,
    )  # fmt: skip
    return out.getvalue()


def signed_mail(text: str, who: Paired, *, opaque: bool = False, head: str = "") -> bytes:
    """Give a mail signed as S/MIME, CRLF throughout."""
    part = ("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
            + text).replace("\r\n", "\n").replace("\n", "\r\n").encode()  # fmt: skip
    if opaque:
        return opaque_mail(signature_around(part, who), head)
    mail = _builder(part, who).sign(
        serialization.Encoding.SMIME,
        [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary],
    )
    return head.encode() + mail.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def signature_around(entity: bytes, who: Paired) -> bytes:
    """Give a signature in DER that holds what it signs."""
    return _builder(entity, who).sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])


def opaque_mail(
    seal: bytes, head: str, kind: str = "application/pkcs7-mime; smime-type=signed-data"
) -> bytes:
    """Give a mail whose body is this signature and nothing else."""
    body = base64.encodebytes(seal).decode().replace("\n", "\r\n")
    fields_ = f'MIME-Version: 1.0\r\nContent-Type: {kind}; name="smime.p7m"'
    return f"{head}{fields_}\r\nContent-Transfer-Encoding: base64\r\n\r\n{body}".encode()


def _builder(entity: bytes, who: Paired) -> pkcs7.PKCS7SignatureBuilder:
    builder = pkcs7.PKCS7SignatureBuilder().set_data(entity)
    return builder.add_signer(who.certificate, who.key, hashes.SHA256())
