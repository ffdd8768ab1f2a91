"""What a domain publishes about mail that we send in its name: SPF, DKIM, DMARC.

Whoever gets our letters judges them by these records (RFC 7208, 6376, 9989). They are judged here
by the same code that judges others' letters, with the name servers of ``[trust]``.

Limit: SPF is asked about the addresses of the relay as we reach it. A relay inside the network, or
one that sends on by other hosts, may leave by an address that cannot be seen from here.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from gateway.inbound.alignment import ascii_domain
from gateway.inbound.dmarc import Dmarc
from gateway.inbound.envelope import Envelope
from gateway.inbound.inquiry import Inquiry
from gateway.inbound.resolver import Resolver, TemporaryTrustFailure
from gateway.inbound.signature_keys import read_tags
from gateway.inbound.spf import check_host
from gateway.networks import Networks, address_of
from gateway.outbound import dkim_keys
from gateway.outbound.carry import relay_of
from gateway.outbound.dkim_keys import DkimKey
from gateway.service import Runtime
from registry.letter.entity import LegalEntity
from registry.letter.message import Check, Listener
from saraban.doctor.finding import Finding, look, well, wrong

INSIDE = Networks(
    (
        *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8"),
        *("169.254.0.0/16", "fc00::/7", "fe80::/10", "::1/128"),
    )
)
"""Networks that nobody outside sees."""
_NOBODY = "192.0.2.1"  # an address that no record allows (RFC 5737)


@dataclass(frozen=True, slots=True)
class Place:
    """The domain of one hosted entity's central address, and by whom to ask about it."""

    runtime: Runtime
    resolver: Resolver
    entity: LegalEntity

    @property
    def domain(self) -> str:
        """The domain as DNS has it."""
        return ascii_domain(self.entity.central_address.rpartition("@")[2])


def addresses(resolver: Resolver, host: str) -> list[str]:
    """Return the addresses of a host, which may be an address itself."""
    if address_of(host.strip("[]")) is not None:
        return [host.strip("[]")]
    return [str(one.address) for kind in ("A", "AAAA") for one in resolver.ask(host, kind)]


def spf(place: Place) -> Iterator[Finding]:
    """One SPF record, which can be read and allows the relay."""
    domain = place.domain
    texts = [t for t in place.resolver.txt(domain) if t.lower().startswith(b"v=spf1")]
    if not texts:
        yield look(
            "spf", f"{domain} ไม่มี SPF", f'เพิ่ม TXT ที่ {domain}: "v=spf1 ip4:ที่อยู่ของเครื่องส่ง -all"'
        )
    elif len(texts) > 1:
        yield wrong(
            "spf", f"{domain} มี SPF {len(texts)} รายการ ผู้รับจะไม่เชื่อสักรายการ", "รวมให้เหลือรายการเดียว"
        )
    else:
        yield from _allows(place)


def _allows(place: Place) -> Iterator[Finding]:
    relay = relay_of(place.runtime.gateway.relay, place.entity.code)
    found = addresses(place.resolver, relay.host) if relay else []
    outside = [one for one in found if one not in INSIDE]
    judged = {one: _judged(place, one) for one in outside or [_NOBODY]}
    broken = [one for one in judged.values() if one.result == "permerror"]
    missing = [one for one in outside if judged[one].result != "pass"]
    domain = place.domain
    if broken:
        yield wrong(
            "spf", f"SPF ของ {domain} ใช้ไม่ได้: {broken[0].detail}", f"แก้ TXT v=spf1 ที่ {domain}"
        )
    elif missing and relay:
        adds = " ".join(f"ip{'6' if ':' in one else '4'}:{one}" for one in missing)
        yield look(
            "spf",
            f"SPF ของ {domain} ไม่รวมเครื่องส่ง {relay.host} ({' '.join(missing)})",
            f"ถ้าเครื่องนั้นส่งออกภายนอกเอง ให้เพิ่ม {adds} ก่อน all",
        )
    elif outside and relay:
        yield well("spf", f"SPF ของ {domain} รวมเครื่องส่ง {relay.host} แล้ว")
    else:
        yield well("spf", f"{domain} มี SPF (เครื่องส่งอยู่ภายในหรือยังไม่ได้ตั้ง จึงตรวจที่อยู่ขาออกไม่ได้)")


def _judged(place: Place, address: str) -> Check:
    hostname = place.runtime.office.instance.hostname
    envelope = Envelope(
        Listener.MX,
        place.runtime.clock.now(),
        peer=address,
        helo=hostname,
        mail_from=f"saraban@{place.domain}",
    )
    found = check_host(envelope, Inquiry(place.resolver), hostname)
    if found.result == "temperror":
        raise TemporaryTrustFailure(found.detail)
    return found


def dkim(place: Place) -> Iterator[Finding]:
    """The record of each key that signs, or soon will, is there and is that of the key."""
    domain = place.domain
    keys = dkim_keys.load(place.runtime.data_dir / "keys" / "dkim", domain)
    now = place.runtime.clock.now()
    signing = dkim_keys.signing(keys, now)
    if not keys:
        yield look(
            "dkim",
            f"ระบบนี้ไม่มีกุญแจ DKIM ของ {domain}",
            f"ถ้าเครื่อง relay ไม่ได้ลงลายมือชื่อให้ สั่ง saraban dkim new {domain}",
        )
    for key in keys:
        if key in signing or key.since > now:
            yield _of_key(key, place.resolver.txt(key.name))


def _of_key(key: DkimKey, texts: list[bytes]) -> Finding:
    todo = f"ใส่ TXT ตามที่ saraban dkim show {key.domain} แสดง"
    found = [tags for tags in map(read_tags, texts) if b"p" in tags]
    if not found:
        return wrong("dkim", f"ไม่มีระเบียน {key.name} ผู้รับจึงตรวจลายมือชื่อไม่ได้", todo)
    tags = found[0]
    public = b"".join(tags[b"p"].split()).decode("latin-1")
    same = (tags.get(b"k", b"rsa").decode("latin-1"), public) == (key.kind, key.public)
    if len(found) > 1 or not same:
        return wrong("dkim", f"ระเบียน {key.name} ไม่ตรงกับกุญแจของระบบ", todo)
    if b"y" in tags.get(b"t", b"").split(b":"):
        return look("dkim", f"ระเบียน {key.name} ยังบอกว่าทดสอบ (t=y)", "ลบ t=y เมื่อพร้อมใช้จริง")
    return well("dkim", f"ระเบียน {key.name} ตรงกับกุญแจ")


def dmarc(place: Place) -> Iterator[Finding]:
    """A DMARC record is there; say what it asks for."""
    domain = place.domain
    policy = Dmarc(Inquiry(place.resolver)).policy(domain)
    if policy is None:
        yield look(
            "dmarc",
            f"{domain} ไม่มี DMARC ที่ใช้ได้",
            f'เพิ่ม TXT ที่ _dmarc.{domain}: "v=DMARC1; p=none; rua=mailto:ที่อยู่รับรายงาน"',
        )
        return
    told = f"DMARC ของ {domain} (ที่ {policy.domain}) ขอให้ผู้รับ"
    if policy.testing or policy.wish == "none":
        yield look(
            "dmarc",
            f"{told}ปล่อยจดหมายปลอมผ่าน (p=none)",
            "เมื่อ SPF และ DKIM ครบแล้ว เปลี่ยนเป็น p=reject",
        )
    else:
        wish = {"quarantine": "แยกจดหมายปลอมไว้", "reject": "ไม่รับจดหมายปลอม"}[policy.wish]
        yield well("dmarc", f"{told}{wish} (p={policy.wish})")
