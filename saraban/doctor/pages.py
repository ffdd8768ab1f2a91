"""The officers' pages: who can reach them and how, and whether somebody can keep the accounts."""

from collections.abc import Iterator
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from gateway.service import Runtime
from gateway.tls import server_context
from registry import directory
from registry.accounts import officers
from registry.errors import SarabanError
from registry.letter.entity import Role
from saraban.doctor import doors
from saraban.doctor.finding import Finding, look, well, wrong
from saraban.running import running
from saraban.runtime import OfficeRuntime


def listener(runtime: Runtime) -> Iterator[Finding]:
    """The pages answer or their port is free; beyond this machine they are encrypted."""
    if not isinstance(runtime, OfficeRuntime) or not runtime.web.listen:
        return
    web, serving = runtime.web, (running(runtime) or {}).get("ports", {})
    yield replace(doors.listener("web", web.listen, serving), check="web")
    if not web.tls_cert and not _is_local(web.listen.rpartition(":")[0].strip("[]")):
        yield wrong(
            "web", f"หน้าเว็บเปิดที่ {web.listen} โดยไม่เข้ารหัส รหัสผ่านอ่านได้ระหว่างทาง",
            "ตั้ง web.tls_cert และ web.tls_key หรือให้ฟังที่ 127.0.0.1 หลัง proxy",
        )  # fmt: skip
    if web.tls_cert:
        yield replace(_certificate(runtime), check="web")


def reached(runtime: Runtime) -> Iterator[Finding]:
    """The address that officers type is told, and is HTTPS where it leads over a network."""
    if not isinstance(runtime, OfficeRuntime) or not runtime.web.listen:
        return
    address = urlsplit(runtime.office.instance.public_url)
    if not address.hostname:
        if not _is_local(runtime.web.listen.rpartition(":")[0].strip("[]")):
            yield look("web", "ยังไม่ได้บอกที่อยู่ที่เจ้าหน้าที่พิมพ์", "ตั้ง instance.public_url เป็น https://…")
    elif address.scheme != "https" and not _is_local(address.hostname):
        yield wrong(
            "web", f"ที่อยู่ {runtime.office.instance.public_url} ไม่เข้ารหัส",
            "ใช้ https:// ใน instance.public_url",
        )  # fmt: skip
    else:
        yield well("web", f"เจ้าหน้าที่เข้าที่ {runtime.pages_url}")


def provider(runtime: Runtime) -> Iterator[Finding]:
    """The secret that is shared with the OpenID provider can be read."""
    if not isinstance(runtime, OfficeRuntime) or not runtime.oidc.client_secret_file:
        return
    try:
        Path(runtime.oidc.client_secret_file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        yield wrong("web", f"อ่าน oidc.client_secret_file ไม่ได้: {error}", "แก้ชื่อไฟล์หรือสิทธิของไฟล์")
    else:
        yield well("web", f"เข้าระบบด้วย {runtime.oidc.issuer} ได้ถ้าผู้ให้บริการตอบ")


def keepers(runtime: Runtime) -> Iterator[Finding]:
    """Each entity has an administrator who can sign in to the pages."""
    if not isinstance(runtime, OfficeRuntime) or not runtime.web.listen:
        return
    now = runtime.clock.now()
    with runtime.database.read() as session:
        for entity in directory.hosted(session):
            able = any(
                one.officer.role is Role.ADMIN and one.may_enter and (one.has_password or one.bound)
                for one in officers.accounts(session, entity.id, now)
            )
            if not able:
                yield look(
                    "web", f"{entity.name} ยังไม่มีผู้ดูแลระบบที่เข้าหน้าเว็บได้",
                    f"saraban officer add EMAIL --entity {entity.code} --role admin "
                    "--password-stdin",
                )  # fmt: skip


def _certificate(runtime: OfficeRuntime) -> Finding:
    cert, key = Path(runtime.web.tls_cert), Path(runtime.web.tls_key)
    try:
        server_context(cert, key)
    except SarabanError as error:
        return wrong("web", error.thai, "วางใบรับรองและกุญแจที่เป็นคู่กัน แล้วเปิดบริการใหม่")
    return doors.life(cert, runtime.clock.now())


def _is_local(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
