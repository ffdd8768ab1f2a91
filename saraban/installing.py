"""Making an installation: the folder with settings, keys, a certificate and an empty database.

Used by ``saraban init``, the demo and the tests. Keys and the TLS key are readable by the owner
alone. The certificate signs itself; clerks' clients will ask once whether to believe it, so an
agency puts its own in place (``submission.tls_cert``).
"""

import datetime as dt
import ipaddress
import os
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from registry import people, schema
from registry.clock import SystemClock
from registry.db import Database
from registry.keys import KeyRing
from registry.letter.address import local_and_domain
from registry.letter.number import SenderCode

FOLDERS = ("keys", "tls", "blobs", "spool", "staging", "outgoing", "backups", "run")


@dataclass(frozen=True, slots=True)
class FirstEntity:
    """The first hosted entity of an installation."""

    code: str
    name: str
    domain: str
    letter_code: str

    def check(self) -> None:
        """Raise NotUnderstood when the letter code or the domain cannot be read."""
        SenderCode.parse(self.letter_code)
        local_and_domain(f"saraban@{self.domain}")


def install(folder: Path, hostname: str, first: FirstEntity | None) -> Path:
    """Make the installation; give the path of its saraban.toml."""
    if first is not None:
        first.check()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in FOLDERS:
        (folder / name).mkdir(mode=0o700, exist_ok=True)
    KeyRing.create(folder / "keys")
    write_certificate(folder / "tls", hostname)
    database = Database.open(f"sqlite:///{folder / 'saraban.db'}")
    schema.upgrade(database)
    if first is not None:
        with database.write() as session:
            people.add_entity(
                session,
                code=first.code,
                name=first.name,
                address=f"saraban@{first.domain}",
                domains=(first.domain,),
                letter_code=first.letter_code,
                hosted=True,
                at=SystemClock().now(),
            )
    database.close()
    path = folder / "saraban.toml"
    path.write_text(_sample(hostname), encoding="utf-8")
    return path.resolve()


def _sample(hostname: str) -> str:
    text = (files("config") / "saraban.sample.toml").read_text(encoding="utf-8")
    return text.replace('# hostname = "localhost"', f'hostname = "{hostname}"')


def write_certificate(folder: Path, hostname: str) -> None:
    """Write cert.pem and key.pem for this host, good for ten years."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, hostname)])
    now = dt.datetime.now(dt.UTC)
    names = [x509.DNSName(hostname), x509.DNSName("localhost")]
    alternatives = [*names, x509.IPAddress(ipaddress.IPv4Address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=3650))
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    _write_private(folder / "key.pem", secret)
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def _write_private(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
