"""Making an installation: the folder with settings, keys, a certificate and an empty database.

Used by ``saraban init``, the demo and the tests. Folders are 0700; the keys, the TLS key and the
database are readable by the owner alone. Nothing that is there is overwritten. The certificate
signs itself; clerks' clients will ask once whether to believe it, so an agency puts its own in
place (``submission.tls_cert``).
"""

import datetime as dt
import ipaddress
import json
import os
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from gateway.settings import RelaySettings
from registry import schema
from registry.accounts import people
from registry.clock import SystemClock
from registry.db import Database
from registry.errors import Conflict
from registry.keys import KeyRing
from registry.letter.address import fold_address
from registry.letter.entity import LegalEntity
from registry.letter.number import SenderCode
from registry.secret.keys import FileKeys

FOLDERS = ("keys", "tls", "blobs", "spool", "outgoing", "backups", "run")
_OURS = (*FOLDERS, "saraban.toml", "saraban.db")


@dataclass(frozen=True, slots=True)
class FirstEntity:
    """The first hosted entity of an installation."""

    code: str
    name: str
    domain: str
    letter_code: str

    def check(self) -> None:
        """Raise NotUnderstood when the code, the domain or the letter code cannot be used."""
        address = fold_address(f"saraban@{self.domain}")
        SenderCode.parse(self.letter_code)
        LegalEntity(
            0, self.code, self.name, address, (), self.letter_code,
            hosted=True, max_message_bytes=None, knows_tags=True, separate_circulars=False,
        )  # fmt: skip


def install(folder: Path, hostname: str, first: FirstEntity | None) -> Path:
    """Make the installation; give the path of its saraban.toml.

    Raises Conflict when the folder holds anything of an installation, NotUnderstood for an entity
    that could not be entered; nothing is written then.
    """
    if first is not None:
        first.check()
    there = [name for name in _OURS if (folder / name).exists()]
    if there:
        raise Conflict(
            f"{folder} holds {there[0]} already: nothing was changed",
            thai=f"มีการติดตั้งอยู่แล้วที่ {folder} ({there[0]}) ไม่ได้แก้ไขสิ่งใด",
        )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in FOLDERS:
        (folder / name).mkdir(mode=0o700)
    KeyRing.create(folder / "keys")
    FileKeys(folder / "keys").current()
    write_certificate(folder / "tls", hostname)
    _make_database(folder / "saraban.db", first)
    path = folder / "saraban.toml"
    _write_private(path, _sample(hostname).encode())
    return path.resolve()


def add_relay(config: Path, relay: RelaySettings, password: str = "") -> None:
    """Add a relay to saraban.toml; the password goes into a file that the owner alone reads."""
    lines = ["", "[[relay]]"]
    keys: dict[str, str | int] = {"host": relay.host, "port": relay.port, "tls": relay.tls}
    if relay.username:
        secret = config.parent / "keys" / "relay.password"
        _write_private(secret, password.encode() + b"\n")
        keys |= {"username": relay.username, "password_file": str(secret)}
    lines += [f"{key} = {json.dumps(value)}" for key, value in keys.items()]
    with config.open("a", encoding="utf-8") as file:
        file.write("\n".join([*lines, ""]))


def _make_database(path: Path, first: FirstEntity | None) -> None:
    path.touch(mode=0o600)
    database = Database.open(f"sqlite:///{path}")
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
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
