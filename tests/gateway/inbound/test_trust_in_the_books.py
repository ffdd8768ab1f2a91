"""From the spool into the books: what the verdict on the sender makes of a letter."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.inbound.envelope import Envelope
from gateway.inbound.pickup import Pickup, pickup_of
from gateway.inbound.spool import Spool
from gateway.service import Runtime
from gateway.settings import GatewaySettings, TrustSettings
from registry import directory, entries, letters
from registry.clock import FrozenClock
from registry.db import Database
from registry.keys import KeyRing
from registry.letter.message import Listener
from registry.letter.vouched import in_words
from registry.settings import Instance, OfficeSettings
from tests.gateway.inbound.court import DOMAIN, HOST, LETTER
from tests.gateway.inbound.nameserver import NameServer
from tests.gateway.inbound.sealing import SIGNED, rsa_key, sign

OURS = "saraban@dla.go.th"


@pytest.fixture
def dns() -> Iterator[NameServer]:
    with NameServer({f"s1._domainkey.{DOMAIN}": rsa_key().record}) as server:
        yield server


@pytest.fixture
def runtime(database: Database, data_dir: Path, clock: FrozenClock, dns: NameServer) -> Runtime:
    """The department hosts its books here and knows the province of Phrae."""
    trust = TrustSettings(nameservers=(f"127.0.0.1:{dns.port}",))
    settings = OfficeSettings(instance=Instance(hostname="gw.example", data_dir=data_dir))
    made = Runtime(settings, replace(GatewaySettings(), trust=trust), clock)
    made.__dict__["database"] = database
    KeyRing.create(data_dir / "keys")
    with database.write() as session:
        for code, address in (("dla", OURS), ("phrae", f"saraban@{DOMAIN}")):
            directory.add_entity(
                session, code=code, name=code, address=address, hosted=code == "dla",
                at=clock.now(),
            )  # fmt: skip
    return made


@pytest.fixture
def put(runtime: Runtime) -> Iterator[Callable[..., str]]:
    """Spool a mail as the door does."""
    spool = Spool(runtime.spool_dir, "smtp", runtime.clock)

    def spooled(raw: bytes = LETTER, **facts: object) -> str:
        envelope = {
            "listener": Listener.MX, "accepted_at": runtime.clock.now(), "peer": HOST,
            "mail_from": f"saraban@{DOMAIN}", "recipients": (OURS,),
        }  # fmt: skip
        with spool.begin() as file:
            file.write(raw)
            return file.commit(Envelope(**(envelope | facts)))

    yield spooled
    spool.close()


def numbers(runtime: Runtime) -> list[int | None]:
    with runtime.database.read() as session:
        return [entry.number for entry in entries.listing(session, "dla")]


def waiting(runtime: Runtime) -> letters.Letter:
    with runtime.database.read() as session:
        (letter,) = letters.waiting(session)
    return letter


def work_off(pickup: Pickup) -> None:
    while pickup.round():
        pass


def test_a_listed_sender_is_registered_by_spf_alone_and_the_verdict_stays_with_it(
    runtime: Runtime, put: Callable[..., str], dns: NameServer
):
    dns.records[DOMAIN] = f"v=spf1 ip4:{HOST} -all"
    put()
    work_off(pickup_of(runtime))
    assert numbers(runtime) == [1]
    dns.records.clear()
    with runtime.database.read() as session:
        (entry,) = entries.listing(session, "dla")
        letter_id, _ = letters.resolve(session, entry.id)
        letter = letters.get_letter(session, str(letter_id))
    assert letter.trust["means"] == "spf"
    assert [check["method"] for check in letter.trust["checks"]] == ["spf", "dmarc"]
    assert in_words(letter.trust) == f"ยืนยันผู้ส่งแล้ว: ส่งจากเครื่องที่ {DOMAIN} อนุญาต (SPF)"


def test_a_letter_waits_in_the_spool_while_dns_is_dead_and_is_registered_later(
    runtime: Runtime, put: Callable[..., str], dns: NameServer
):
    dns.records[DOMAIN] = f"v=spf1 ip4:{HOST} -all"
    dns.broken = True
    name = put()
    pickup = pickup_of(runtime)
    assert pickup.round() == 0
    assert pickup.tray.list_new() == [name]
    assert numbers(runtime) == []
    dns.broken = False
    work_off(pickup_of(runtime))
    assert numbers(runtime) == [1]
    assert pickup.tray.list_new() == []


def test_dead_dns_stops_no_letter_that_the_door_has_proven(
    runtime: Runtime, put: Callable[..., str], dns: NameServer
):
    dns.broken = True
    put()
    put(trusted_network=True)
    pickup_of(runtime).round()
    assert numbers(runtime) == [1]


def test_a_forged_letter_waits_with_the_reason_and_is_told_to_nobody(
    runtime: Runtime, put: Callable[..., str], dns: NameServer
):
    dns.records |= {DOMAIN: "v=spf1 -all", f"_dmarc.{DOMAIN}": "v=DMARC1; p=reject"}
    put()
    work_off(pickup_of(runtime))
    letter = waiting(runtime)
    assert numbers(runtime) == []
    assert letter.why_waiting.startswith(f"{DOMAIN} ประกาศไม่ให้รับ")
    assert letter.facts["no_answer"] == "refused by its owner"


def test_a_signed_letter_without_message_id_takes_one_number_however_often_it_is_handed_in(
    runtime: Runtime, put: Callable[..., str]
):
    bare = LETTER.replace(f"Message-ID: <1@{DOMAIN}>\r\n".encode(), b"")
    signed = sign(bare, DOMAIN, fields=[name for name in SIGNED if name != b"message-id"])
    for count in range(3):
        put(b"Received: from path%d.example by mx.example\r\n" % count + signed)
    put(b"Message-ID: <new@evil.example>\r\n" + signed)
    work_off(pickup_of(runtime))
    assert numbers(runtime) == [1]
    assert "ลายเซ็น DKIM ของ phrae.go.th ไม่รัดกุมพอ" in waiting(runtime).why_waiting
