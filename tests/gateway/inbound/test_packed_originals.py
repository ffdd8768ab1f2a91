"""Letters that shared a file of the spool, when they are in the books: kept, proven, given back."""

import hashlib
import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from gateway.inbound import rebuild
from gateway.inbound.commit import commit_together
from gateway.inbound.envelope import Envelope
from gateway.inbound.pickup import pickup_of
from gateway.inbound.spool import Spool
from gateway.service import Runtime
from gateway.settings import GatewaySettings
from registry import directory
from registry.blobs import BlobStore
from registry.clock import FrozenClock
from registry.db import Database
from registry.keys import KeyRing
from registry.letter.message import Listener, Original
from registry.models.letters import OriginalRow
from registry.proof import Proof, prove
from registry.proving.holdings import digests_in_use, used
from registry.settings import Instance, OfficeSettings

PHRAE, DLA = "saraban@phrae.example", "saraban@dla.example"
RAWS = [
    f"From: {DLA}\r\nTo: {PHRAE}\r\nMessage-ID: <{number}@dla.example>\r\n"
    f"Subject: letter {number}\r\n\r\n{'text ' * number}\r\n".encode()
    for number in range(1, 4)
]


@pytest.fixture
def entered(database: Database, data_dir: Path, clock: FrozenClock) -> Iterator[Runtime]:
    """An office that has entered three letters which came in one pack."""
    settings = OfficeSettings(instance=Instance(hostname="gw.example", data_dir=data_dir))
    runtime = Runtime(settings, GatewaySettings(), clock)
    runtime.__dict__["database"] = database
    KeyRing.create(data_dir / "keys")
    with database.write() as session:
        for code, address in (("phrae", PHRAE), ("dla", DLA)):
            directory.add_entity(
                session, code=code, name=code, address=address, hosted=code == "phrae",
                at=clock.now(),
            )  # fmt: skip
    spool = Spool(runtime.spool_dir, "smtp", clock)
    envelope = Envelope(
        Listener.MX, clock.now(), mail_from=DLA, recipients=(PHRAE,), trusted_network=True
    )
    files = [spool.begin() for _ in RAWS]
    for file, raw in zip(files, RAWS, strict=True):
        file.write(raw)
    commit_together([(file, envelope) for file in files])
    with pickup_of(runtime) as pickup:
        assert pickup.round() == len(RAWS)
    assert not list(runtime.spool_dir.glob("*/new/*"))
    yield runtime
    spool.close()


def raw_of(original: Original, blobs: BlobStore) -> bytes:
    out = io.BytesIO()
    rebuild.write(original, blobs, out)
    return out.getvalue()


def proof_of(runtime: Runtime) -> Proof:
    def sha256_of(original: Original) -> str:
        return hashlib.sha256(raw_of(original, runtime.blobs)).hexdigest()

    with runtime.database.snapshot() as session:
        return prove(session, runtime.blobs, sha256_of)


def originals(runtime: Runtime) -> list[Original]:
    with runtime.database.read() as session:
        return [
            Original(row.sha256, row.bytes, row.form, row.blob, tuple(row.recipe))
            for row in session.scalars(select(OriginalRow))
        ]


def test_each_letter_is_given_back_as_it_came_and_the_books_hold(entered: Runtime):
    kept = originals(entered)
    assert {one.form for one in kept} == {"stretch"}
    assert sorted(raw_of(one, entered.blobs) for one in kept) == sorted(RAWS)
    assert len(list(entered.blobs.all())) == 1
    assert proof_of(entered).holds


def test_the_pack_is_in_use_as_long_as_its_letters_are(entered: Runtime):
    [pack] = entered.blobs.all()
    with entered.database.read() as session:
        assert pack in set(digests_in_use(session))
        assert entered.blobs.sweep(used(session), timedelta(hours=-1)) == []


def test_a_pack_that_was_changed_breaks_the_proof_of_each_of_its_letters(entered: Runtime):
    [pack] = entered.blobs.all()
    path = entered.blobs.path(pack)
    path.write_bytes(path.read_bytes().replace(b"Subject: letter 2", b"Subject: letter 9"))
    found = {one.where for one in proof_of(entered).problems if one.kind == "original"}
    assert found == {f"original {one.sha256}" for one in originals(entered)}


def test_a_letter_that_is_looked_for_in_the_wrong_place_breaks_the_proof(entered: Runtime):
    with entered.database.write() as session:
        row = session.scalars(select(OriginalRow)).first()
        assert row is not None
        row.recipe = [row.recipe[0] | {"from": row.recipe[0]["from"] + 1}]
        moved = row.sha256
    [problem] = proof_of(entered).problems
    assert moved in problem.where
