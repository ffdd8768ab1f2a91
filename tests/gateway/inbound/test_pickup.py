"""The worker: what may go wrong with one letter, or around it, and what must not follow."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from gateway.inbound.envelope import Envelope
from gateway.inbound.journey import Journey
from gateway.inbound.pickup import Pickup, pickup_of
from gateway.inbound.spool import Spool
from gateway.inbound.tray import Tray
from gateway.service import Runtime
from gateway.settings import GatewaySettings
from registry import directory, entries, letters, outbox
from registry.clock import FrozenClock
from registry.db import Database
from registry.keys import KeyRing
from registry.letter.entity import Role
from registry.letter.message import Listener, Message
from registry.letter.sorting import Outcome
from registry.settings import Instance, OfficeSettings
from tests.gateway.inbound.mails import HEAD

PHRAE, TOWN, DLA = "saraban@phrae.example", "saraban@town.example", "saraban@dla.example"


@pytest.fixture
def runtime(database: Database, data_dir: Path, clock: FrozenClock) -> Runtime:
    """An office that hosts two entities and knows a third."""
    settings = OfficeSettings(instance=Instance(hostname="gw.example", data_dir=data_dir))
    made = Runtime(settings, GatewaySettings(), clock)
    made.__dict__["database"] = database
    KeyRing.create(data_dir / "keys")
    with database.write() as session:
        for code, address in (("phrae", PHRAE), ("town", TOWN), ("dla", DLA)):
            directory.add_entity(
                session, code=code, name=code, address=address, hosted=code != "dla",
                at=clock.now(),
            )  # fmt: skip
    return made


@pytest.fixture
def spool(runtime: Runtime):
    """The folder of the door that writes."""
    made = Spool(runtime.spool_dir, "smtp", runtime.clock)
    yield made
    made.close()


@pytest.fixture
def put(spool: Spool, clock: FrozenClock) -> Callable[..., str]:
    """Spool a mail of the department as the door does, and give its name."""

    def spooled(*recipients: str, raw: bytes = HEAD + b"\r\ntext\r\n", priority: int = 0) -> str:
        raw = raw.replace(b"saraban@phrae.example\r\nTo", DLA.encode() + b"\r\nTo", 1)
        with spool.begin() as file:
            file.write(raw)
            envelope = Envelope(
                listener=Listener.MX, accepted_at=clock.now(), mail_from=DLA,
                recipients=recipients or (PHRAE,), trusted_network=True, peer="127.0.0.1",
                priority=priority,
            )  # fmt: skip
            return file.commit(envelope)

    return spooled


def test_letters_wait_out_a_database_that_is_away_and_are_then_entered(
    runtime: Runtime, put: Callable[..., str], free_port: Callable[[], int]
):
    """However long it is away: no letter is set aside for what it did not do."""
    names = [put(raw=HEAD + b"\r\nletter %d\r\n" % count) for count in range(3)]
    pickup = pickup_of(runtime)
    nowhere = Database.open(f"postgresql://nobody@127.0.0.1:{free_port()}/none")
    away = Pickup(Journey(runtime.desk, nowhere, runtime.blobs), pickup.tray, pickup.readers)
    for _ in range(10):
        with pytest.raises(OperationalError):
            away.round()
    assert pickup.tray.list_new() == sorted(names)  # within a millisecond ids have no order
    while pickup.round():
        pass
    with runtime.database.read() as session:
        assert [entry.number for entry in entries.listing(session, "phrae")] == [1, 2, 3]


def test_a_letter_for_an_address_that_was_taken_away_is_set_aside_and_people_are_told(
    runtime: Runtime, put: Callable[..., str]
):
    """It was accepted while the address was known; nobody may lose it, nor may it loop."""
    with runtime.database.write() as session:
        phrae = directory.entity_by_address(session, PHRAE)
        assert phrae is not None
        directory.add_officer(
            session, phrae.id, email="officer@phrae.example", role=Role.OFFICER,
            at=runtime.clock.now(),
        )  # fmt: skip
    lost = put("saraban@gone.example")
    put()
    pickup = pickup_of(runtime)
    work_off(pickup)
    [aside] = pickup.tray.list_aside()
    assert (aside.name, aside.state) == (lost, "bad")
    assert pickup.tray.list_new() == []
    with runtime.database.read() as session:
        assert len(entries.listing(session, "phrae")) == 1
        told = [(job.to_address, job.facts["text"]) for job in notices(session)]
    assert told == [("officer@phrae.example", "set_aside")]


def test_a_letter_of_a_clerk_who_was_disabled_meanwhile_goes_to_the_officers_of_the_clerk(
    runtime: Runtime, spool: Spool
):
    now = runtime.clock.now()
    with runtime.database.write() as session:
        for email, role, address in (
            ("clerk@phrae.example", Role.CLERK, PHRAE),
            ("officer@phrae.example", Role.OFFICER, PHRAE),
            ("officer@town.example", Role.OFFICER, TOWN),
        ):
            own = directory.entity_by_address(session, address)
            assert own is not None
            directory.add_officer(session, own.id, email=email, role=role, at=now)
        directory.disable_officer(session, "clerk@phrae.example", by="admin", at=now)
    with spool.begin() as file:
        file.write(HEAD + b"\r\nletter\r\n")
        name = file.commit(
            Envelope(
                Listener.SUBMISSION, now, mail_from=PHRAE, recipients=(TOWN,),
                signed_in="clerk@phrae.example",
            )
        )  # fmt: skip
    pickup = pickup_of(runtime)
    work_off(pickup)
    assert [one.name for one in pickup.tray.list_aside()] == [name]
    with runtime.database.read() as session:
        assert [job.to_address for job in notices(session)] == ["officer@phrae.example"]
        assert entries.listing(session) == []


def test_a_letter_that_breaks_the_desk_waits_for_an_officer_unread(
    runtime: Runtime, put: Callable[..., str]
):
    """Here the register's own words cannot be kept; what came is kept all the same."""
    put(raw=HEAD.replace(b"Subject: test", b"Subject: poison") + b"\r\ntext\r\n")
    pickup = poisonable(runtime)
    work_off(pickup)
    assert pickup.tray.list_new() == []
    assert pickup.tray.list_aside() == []
    with runtime.database.read() as session:
        [letter] = letters.waiting(session, "phrae")
    assert letter.state == "waiting"
    assert "poison" not in letter.subject


def test_an_envelope_that_cannot_be_read_is_set_aside_and_the_next_letter_is_entered(
    runtime: Runtime, put: Callable[..., str]
):
    damaged, _ = put(), put(raw=HEAD + b"\r\nanother\r\n")
    pickup = pickup_of(runtime)
    process, _, letter = damaged.partition("/")
    (runtime.spool_dir / process / "new" / f"{letter}.json").write_text("{", encoding="utf-8")
    work_off(pickup)
    assert [one.name for one in pickup.tray.list_aside()] == [damaged]
    with runtime.database.read() as session:
        assert len(entries.listing(session, "phrae")) == 1


def test_errors_of_the_database_say_nothing_of_what_a_letter_says(
    runtime: Runtime, put: Callable[..., str], caplog: pytest.LogCaptureFixture
):
    put(raw=HEAD.replace(b"Subject: test", b"Subject: poison") + b"\r\nsecret words\r\n")
    work_off(poisonable(runtime))
    assert "could not be entered" in caplog.text
    assert "secret words" not in caplog.text


def test_workers_whose_batches_cross_give_every_number_once(
    runtime: Runtime, clock: FrozenClock, database_url: str
):
    """Each holds the books that the other waits for next; one of them begins again."""
    addresses = (PHRAE, TOWN)
    trays = []
    for place, order in enumerate((addresses, addresses[::-1])):
        trays.append(Tray(runtime.data_dir / f"spool-{place}"))
        spool = Spool(runtime.data_dir / f"spool-{place}", "smtp", clock)
        for count in range(8):
            with spool.begin() as file:
                file.write(HEAD.replace(b"saraban@phrae", b"saraban@dla", 1))
                file.write(b"\r\nletter %d of %d\r\n" % (count, place))
                file.commit(
                    Envelope(
                        Listener.MX, clock.now(), mail_from=DLA, recipients=(order[count % 2],),
                        trusted_network=True,
                    )
                )  # fmt: skip
        spool.close()
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(empty, runtime, tray, database_url) for tray in trays]:
            done.result()
    with runtime.database.read() as session:
        for code in ("phrae", "town"):
            numbers = [entry.number for entry in entries.listing(session, code)]
            assert numbers == list(range(1, 9))
    assert [tray.list_aside() for tray in trays] == [[], []]


def test_the_same_letter_twice_in_one_batch_is_one_entry_and_a_duplicate(
    runtime: Runtime, put: Callable[..., str]
):
    """What is written together is known to those behind it all the same."""
    put()
    put()
    put(raw=HEAD + b"\r\nanother\r\n")
    assert pickup_of(runtime).round() == 3
    with runtime.database.read() as session:
        assert [entry.number for entry in entries.listing(session, "phrae")] == [1, 2]
        states = sorted(session.scalars(text("SELECT state FROM letter")))
    assert states == ["duplicate", "registered", "registered"]


def test_a_letter_read_again_after_its_commit_is_no_second_one(
    runtime: Runtime, put: Callable[..., str], monkeypatch: pytest.MonkeyPatch
):
    """The worker dies between commit and clean-up."""
    put()
    pickup = pickup_of(runtime)
    with monkeypatch.context() as patch:
        patch.setattr(pickup.tray, "finish", lambda _: None)
        pickup.round()
    assert len(pickup.tray.list_new()) == 1
    work_off(pickup_of(runtime))
    assert pickup.tray.list_new() == []
    with runtime.database.read() as session:
        assert len(entries.listing(session, "phrae")) == 1


def test_the_urgent_letter_of_a_backlog_gets_the_first_number(
    runtime: Runtime, put: Callable[..., str]
):
    for count in range(40):
        put(raw=HEAD + b"\r\nletter %d\r\n" % count)
    urgent = put(raw=HEAD + b"\r\nurgent\r\n", priority=3)
    pickup = pickup_of(runtime)
    while pickup.round():
        pass
    assert not list(runtime.spool_dir.glob("*/new/*"))
    wanted = text(
        "SELECT number FROM entry JOIN letter ON letter.id = letter_id WHERE spool_name=:n"
    )
    with runtime.database.read() as session:
        assert session.scalar(wanted, {"n": urgent}) == 1
        assert len(entries.listing(session, "phrae")) == 41


def empty(runtime: Runtime, tray: Tray, url: str) -> None:
    """Work one spool off as a process of its own would: conflicts pass and are tried again."""
    database = Database.open(url)
    readers = pickup_of(runtime).readers
    pickup = Pickup(Journey(runtime.desk, database, runtime.blobs), tray, readers)
    while tray.list_new():
        with suppress(OperationalError):
            pickup.round()
    database.close()


class Poisonable(Journey):
    """A desk that the database fails over one letter, whatever the reason may be one day."""

    def enter(self, session: Session, message: Message) -> list[Outcome]:
        """Break on poison."""
        if message.subject == "poison":
            session.execute(text("SELECT no_such_function(:words)"), {"words": message.text})
        return super().enter(session, message)


def poisonable(runtime: Runtime) -> Pickup:
    """Make a worker with such a desk."""
    sound = pickup_of(runtime)
    desk, database, blobs = sound.journey.desk, sound.journey.database, sound.journey.blobs
    return Pickup(Poisonable(desk, database, blobs), sound.tray, sound.readers)


def work_off(pickup: Pickup) -> None:
    """Work until nothing is left, without the pauses between the tries of a letter."""
    for _ in range(20):
        pickup.rests.clear()
        pickup.round()


def notices(session: Session) -> list[outbox.Job]:
    """Give the notices that were written."""
    return [job for job in outbox.listing(session, states=()) if job.kind is outbox.Kind.NOTICE]
