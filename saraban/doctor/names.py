"""What name servers say of the domains that we receive and send for, and of this host.

Asked is about the domain of each hosted entity's central address: where its mail goes (MX), and by
what others know ours (:mod:`saraban.doctor.published`). Of this host: that its name and its public
addresses belong together (PTR), which mail servers look at before they trust anybody.

Where nobody answers, that is told once for the domain; everything else is still asked about.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

import dns.reversename

from gateway.inbound.inquiry import AskedTooMuch
from gateway.inbound.resolver import Resolver, TemporaryTrustFailure
from gateway.service import Runtime
from registry import directory
from saraban.doctor import published
from saraban.doctor.finding import Finding, look, well, wrong
from saraban.doctor.published import INSIDE, Place, addresses

_SILENT: Final = (TemporaryTrustFailure, AskedTooMuch)
_ADVICE: Final = "ตรวจ DNS ของเครื่องนี้ และ [trust] nameservers"


def names(runtime: Runtime, resolver: Resolver) -> Iterator[Finding]:
    """MX, SPF, DKIM and DMARC of each hosted domain, and PTR of this host."""
    with runtime.database.read() as session:
        hosted = directory.hosted(session)
    places = {one.domain: one for one in (Place(runtime, resolver, e) for e in hosted)}
    for place in places.values():
        checks = (mail_hosts, published.spf, published.dkim, published.dmarc)
        yield from _asked(place.domain, *(partial(check, place) for check in checks))
    hostname = runtime.office.instance.hostname
    yield from _asked(hostname, partial(pointers, hostname, resolver))


def _asked(name: str, *checks: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    silent = []
    for check in checks:
        try:
            yield from check()
        except _SILENT as error:
            silent.append(str(error))
    if silent:
        yield look("dns", f"{name}: {silent[0]}", _ADVICE)


def mail_hosts(place: Place) -> Iterator[Finding]:
    """Mail for the domain comes to this host, or into a mailbox that we read."""
    domain, resolver = place.domain, place.resolver
    hosts = resolver.mail_hosts(domain)
    if hosts == [""]:  # RFC 7505
        yield wrong("mx", f"{domain} ประกาศว่าไม่รับจดหมาย (MX .)", "เปลี่ยน MX เป็นเครื่องที่รับจดหมาย")
        return
    # Without MX the host of that name is the one (RFC 5321 §5.1).
    found = {host: addresses(resolver, host) for host in hosts or [domain]}
    if not hosts and not found[domain]:
        yield look("mx", f"{domain} ไม่มี MX", "จดหมายจากภายนอกจะไม่ถึง ถ้าไม่ได้ตั้งใจให้เพิ่ม MX")
        return
    lost = [host for host, known in found.items() if not known]
    if lost:
        yield wrong(
            "mx", f"MX ของ {domain} คือ {lost[0]} ซึ่งไม่มีที่อยู่ใน DNS", f"เพิ่มระเบียน A ของ {lost[0]}"
        )
    yield _reaches(place, found)


def _reaches(place: Place, found: dict[str, list[str]]) -> Finding:
    runtime, told = place.runtime, f"MX ของ {place.domain} คือ {' '.join(found)}"
    hostname = runtime.office.instance.hostname
    ours = set(addresses(place.resolver, hostname))
    boxes = [one.host for one in runtime.gateway.collector if one.entity == place.entity.code]
    if hostname in found or any(ours & set(known) for known in found.values()):
        return well("mx", f"{told} คือเครื่องนี้")
    if boxes:
        return well("mx", f"{told} และระบบอ่านกล่องที่ {boxes[0]}")
    return look(
        "mx",
        f"{told} ไม่ใช่เครื่องนี้ ({hostname})",
        f"ให้เครื่องนั้นส่งต่อ {place.entity.central_address} มาที่นี่ หรือตั้ง [[collector]]"
        " แล้วทดสอบด้วย --round-trip",
    )


def pointers(hostname: str, resolver: Resolver) -> Iterator[Finding]:
    """Each public address of this host has a name, and it is the host's (RFC 1912 §2.1)."""
    known = addresses(resolver, hostname)
    public = [one for one in known if one not in INSIDE]
    if not known:
        yield look("ptr", f"ไม่พบ {hostname} ใน DNS", "เพิ่มระเบียน A หรือแก้ [instance] hostname")
    elif not public:
        yield well("ptr", f"{hostname} มีแต่ที่อยู่ภายใน ไม่ต้องมี PTR")
    for address in public:
        asked = dns.reversename.from_address(address).to_text()
        found = [str(one.target).rstrip(".").lower() for one in resolver.ask(asked, "PTR")]
        if hostname.lower() in found:
            yield well("ptr", f"PTR ของ {address} คือ {hostname}")
        else:
            yield look(
                "ptr",
                f"PTR ของ {address} คือ {' '.join(found) or '– (ไม่มี)'} ไม่ใช่ {hostname}",
                "ขอให้ผู้ให้บริการอินเทอร์เน็ตตั้ง PTR ให้ตรงชื่อเครื่อง",
            )
