"""TLS on our listeners: TLS 1.2 or newer, and the certificate of the data folder unless one is set.

A listener whose settings name no certificate uses ``tls/cert.pem`` and ``tls/key.pem`` of the
data folder, which ``saraban init`` writes. Clients of port 25 do not check whom it names
(RFC 7435), clerks' mail clients do. The certificate is read when a listener starts.
"""

import ssl
from pathlib import Path

from registry.errors import OutOfOrder


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


def listener_context(cert: str, key: str, data_dir: Path) -> ssl.SSLContext | None:
    """Give the context of a listener's settings; None when nothing is set and none lies there."""
    if cert or key:
        return server_context(Path(cert), Path(key))
    folder = data_dir / "tls"
    if not (folder / "cert.pem").exists():
        return None
    return server_context(folder / "cert.pem", folder / "key.pem")
