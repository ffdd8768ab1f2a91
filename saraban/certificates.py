"""Which certificate each listener shows, and until when it is valid."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from gateway.service import Runtime


def files_of_listeners(runtime: Runtime) -> dict[str, tuple[Path, Path]]:
    """Give certificate and key (PEM) of each listener that is open and has TLS, by name.

    Those that name none use ``tls/`` of the data folder; the pages have TLS only where one is set.
    """
    return dict(_files(runtime))


def expiries(runtime: Runtime) -> dict[str, datetime]:
    """Give when the certificate of each listener ends; one that cannot be read is left out."""
    found = {}
    for name, (cert, _) in _files(runtime):
        with suppress(OSError, ValueError):
            found[name] = valid_until(cert)
    return found


def valid_until(path: Path) -> datetime:
    """Read until when a certificate (PEM) is valid. Raises OSError, ValueError."""
    from cryptography import x509

    return x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc


def _files(runtime: Runtime) -> Iterator[tuple[str, tuple[Path, Path]]]:
    gateway, own = runtime.gateway, runtime.data_dir / "tls"
    smtp, door, links = gateway.smtp, gateway.submission, gateway.links
    listeners = (
        ("smtp", smtp.listen, smtp.tls_cert, smtp.tls_key),
        ("submission", door.listen or door.listen_tls, door.tls_cert, door.tls_key),
        ("links", links.listen, links.tls_cert, links.tls_key),
    )
    for name, listen, cert, key in listeners:
        if listen and cert:
            yield name, (Path(cert), Path(key))
        elif listen and name != "links" and (own / "cert.pem").exists():
            yield name, (own / "cert.pem", own / "key.pem")
