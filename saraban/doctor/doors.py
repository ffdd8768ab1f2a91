"""Our own listeners: whether the service is up, its ports are ours, its certificates good."""

import errno
import socket
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from gateway.service import Runtime
from gateway.tls import server_context
from registry.errors import SarabanError
from registry.thai.numerals import thai_number
from saraban.certificates import files_of_listeners
from saraban.doctor.finding import Finding, look, well, wrong
from saraban.doctor.holder import holder_of
from saraban.running import running

_SOON = 30  # days
_SECONDS = 5.0
_GREETING = ("smtp", "submission")
_NAMES = {
    "smtp": "รับจดหมาย (smtp)",
    "submission": "ส่งหนังสือ (submission)",
    "submissions": "ส่งหนังสือด้วย TLS ตั้งแต่ต้น (submission)",
    "links": "หน้าดาวน์โหลด (links)",
    "metrics": "ตัวเลขเฝ้าระวัง (metrics)",
    "web": "หน้าเว็บของเจ้าหน้าที่ (web)",
}


def service(runtime: Runtime) -> Iterator[Finding]:
    """The service runs."""
    note = running(runtime)
    if note is None:
        yield look("service", "บริการยังไม่ทำงาน", "สั่ง saraban serve")
    else:
        yield well("service", f"บริการทำงานอยู่ (pid {note['pid']}: {' '.join(note['pids'])})")


def ports(runtime: Runtime) -> Iterator[Finding]:
    """Each listener answers when the service runs; else its port is free."""
    serving = (running(runtime) or {}).get("ports", {})
    gateway = runtime.gateway
    wanted = {
        "smtp": gateway.smtp.listen,
        "submission": gateway.submission.listen,
        "submissions": gateway.submission.listen_tls,
        "links": gateway.links.listen,
        "metrics": runtime.office.metrics.listen,
    }
    for name, listen in wanted.items():
        if listen:
            yield listener(name, listen, serving)


def listener(name: str, listen: str, serving: Mapping[str, int]) -> Finding:
    """Say whether a listener answers where it is served, or else whether its port is free."""
    host, _, port = listen.rpartition(":")
    door = _Door(name, host.strip("[]") or "0.0.0.0", int(port))  # noqa: S104 - as configured
    return _answers(door, serving[name]) if name in serving else _is_free(door)


def certificates(runtime: Runtime) -> Iterator[Finding]:
    """The certificates of the listeners belong to their keys and are valid for a while."""
    own = runtime.data_dir / "tls"
    found = dict.fromkeys(files_of_listeners(runtime).values())
    if runtime.gateway.submission.listen and not runtime.gateway.submission.tls_cert:
        found[own / "cert.pem", own / "key.pem"] = None  # it cannot serve without
    for cert, key in found:
        try:
            server_context(cert, key)
        except SarabanError as error:
            yield wrong("certificates", error.thai, "วางใบรับรองและกุญแจที่เป็นคู่กัน แล้วเปิดบริการใหม่")
        else:
            yield life(cert, runtime.clock.now())


def life(path: Path, now: datetime) -> Finding:
    """Say for how long a certificate (PEM) is good, and whether it signed itself."""
    from cryptography import x509

    cert = x509.load_pem_x509_certificate(path.read_bytes())
    days = (cert.not_valid_after_utc - now.astimezone(UTC)).days
    told = f"ใบรับรอง TLS {path} เหลือ {thai_number(max(days, 0))} วัน"
    if days < 0:
        return wrong("certificates", f"ใบรับรอง TLS {path} หมดอายุแล้ว", "ต่ออายุใบรับรอง แล้วเปิดบริการใหม่")
    if days < _SOON:
        return look("certificates", told, "ต่ออายุใบรับรอง")
    if cert.issuer == cert.subject:
        return look(
            "certificates",
            told + " แต่ลงนามเอง โปรแกรมอีเมลจะเตือนผู้ใช้",
            "ใช้ใบรับรองของหน่วยงานที่ submission.tls_cert",
        )
    return well("certificates", told)


@dataclass(frozen=True, slots=True)
class _Door:
    name: str
    host: str
    port: int

    @property
    def thai(self) -> str:
        return _NAMES[self.name]


def _answers(door: _Door, port: int) -> Finding:
    """Connect as a client would; an SMTP listener greets."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(door.host, door.host)  # noqa: S104 - as configured
    try:
        with closing(socket.create_connection((host, port), _SECONDS)) as client:
            greets = door.name not in _GREETING or client.recv(3) == b"220"
    except OSError as error:
        return wrong("ports", f"{door.thai} พอร์ต {port} ไม่ตอบ: {error}", "ดูบันทึกของ saraban serve")
    if greets:
        return well("ports", f"{door.thai} ตอบที่พอร์ต {port}")
    return wrong("ports", f"พอร์ต {port} ตอบแต่ไม่ใช่ {door.thai}", "ตรวจว่าโปรแกรมใดใช้พอร์ตนี้")


def _is_free(door: _Door) -> Finding:
    family = socket.AF_INET6 if ":" in door.host else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_STREAM)) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((door.host, door.port))
        except OSError as error:
            return _taken(door, error)
    return well("ports", f"{door.thai} พอร์ต {door.port} ว่าง พร้อมเปิดบริการ")


def _taken(door: _Door, error: OSError) -> Finding:
    if error.errno == errno.EACCES:
        return look(
            "ports",
            f"{door.thai} ผู้ใช้นี้เปิดพอร์ต {door.port} เองไม่ได้",
            "ให้ systemd เปิดให้ (CAP_NET_BIND_SERVICE) หรือใช้พอร์ตสูงกว่า 1024",
        )
    if error.errno == errno.EADDRINUSE:
        holder = holder_of(door.port) or "โปรแกรมอื่น"
        return wrong(
            "ports", f"{door.thai} มี {holder} ใช้พอร์ต {door.port} อยู่", "หยุดโปรแกรมนั้นหรือเปลี่ยน listen"
        )
    return wrong(
        "ports", f"{door.thai} เปิดที่ {door.host} ไม่ได้: {error.strerror}", "แก้ listen ใน saraban.toml"
    )
