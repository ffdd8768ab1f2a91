"""TLS on our listeners: TLS 1.2 or newer, and the certificate of the data folder unless one is set.

A listener whose settings name no certificate uses ``tls/cert.pem`` and ``tls/key.pem`` of the
data folder, which ``saraban init`` writes. Clients of port 25 do not check whom it names
(RFC 7435), clerks' mail clients do.

A :class:`Certificate` is read again when its files have changed, without a restart: it looks at
them at a handshake, at most every few seconds, and at once on :func:`reload_certificates`. New
files that cannot be used change nothing: the old certificate stays in use and the log says why.
"""

import logging
import ssl
import time
import weakref
from pathlib import Path

from registry.errors import OutOfOrder

log = logging.getLogger(__name__)

LOOK_EVERY = 5.0
"""Seconds between two looks at the files of a certificate."""
_in_use: "weakref.WeakSet[Certificate]" = weakref.WeakSet()


class Certificate:
    """A certificate and its key (PEM), as new as their files.

    Raises OutOfOrder when the files are missing, damaged, or do not belong together.
    """

    def __init__(self, cert: Path, key: Path) -> None:
        self._files = (cert, key)
        self._context = server_context(cert, key)
        self._seen = self._state()
        self._looked = time.monotonic()
        _in_use.add(self)

    @property
    def context(self) -> ssl.SSLContext:
        """The context for the next handshake."""
        now = time.monotonic()
        if now - self._looked >= LOOK_EVERY:
            self._looked = now
            if self._state() != self._seen:
                self.reload()
        return self._context

    def reload(self) -> None:
        """Read the files again; what is in use stays when they cannot be used. Never raises."""
        self._seen = self._state()
        try:
            self._context = server_context(*self._files)
        except OutOfOrder as error:
            log.error("the old certificate stays in use: %s", error)  # noqa: TRY400 - no trace
        else:
            log.info("certificate read again: %s", self._files[0])

    def _state(self) -> tuple[tuple[int, int, int] | None, ...]:
        return tuple(map(_state_of, self._files))


def reload_certificates() -> None:
    """Read every certificate in use again, as after SIGHUP. Never raises."""
    for certificate in list(_in_use):
        certificate.reload()


def server_context(cert: Path, key: Path) -> ssl.SSLContext:
    """Read a certificate and its key (PEM) for a listener.

    Raises OutOfOrder when the files are missing, damaged, or do not belong together.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_RENEGOTIATION
    try:
        context.load_cert_chain(cert, key)
    except (OSError, ssl.SSLError) as error:
        raise OutOfOrder(
            f"cannot use the certificate {cert} with the key {key}: {error}",
            thai=f"ใช้ใบรับรอง {cert} กับกุญแจ {key} ไม่ได้ โปรดตรวจว่ามีไฟล์และเป็นคู่กัน",
        ) from error
    return context


def listener_certificate(cert: str, key: str, data_dir: Path) -> Certificate | None:
    """Give the certificate of a listener's settings; None when none is set and none lies there."""
    if cert or key:
        return Certificate(Path(cert), Path(key))
    folder = data_dir / "tls"
    if not (folder / "cert.pem").exists():
        return None
    return Certificate(folder / "cert.pem", folder / "key.pem")


def _state_of(file: Path) -> tuple[int, int, int] | None:
    """Say what tells a changed file: when it was written, its size, and which file it is."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
