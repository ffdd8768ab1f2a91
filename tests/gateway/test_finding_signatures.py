"""The process beside the worker verifies signatures of letters that wait, by itself."""

import pytest

from gateway.findable import findable
from gateway.service import Runtime
from registry import directory
from registry.ids import new_id
from registry.models.letters import EnclosureRow, LetterRow
from registry.signatures import signatures_of, trust_folder
from saraban.config.load import load
from saraban.installing import FirstEntity
from tests.founding import founded
from tests.registry.pdf import signing
from tests.registry.texts import papers
from tests.servers.waiting import eventually


@pytest.fixture
def runtime(data_dir, clock):
    first = FirstEntity("phrae", "จังหวัดแพร่", "phrae.go.th", "พร ๐๐๒๓")
    settings = load(founded(data_dir, "saraban.test", first), {})
    made = Runtime(settings.office, settings.gateway, clock)
    yield made
    made.close()


async def test_a_waiting_letters_signature_is_verified(runtime, monkeypatch):
    monkeypatch.setattr("gateway.findable._SETTLE", 0.0)
    folder = trust_folder(runtime.office)
    folder.mkdir()
    (folder / "root.pem").write_bytes(signing.root().pem)
    letter_id, data = new_id(), SIGNED
    with runtime.database.write() as session:
        own = directory.hosted(session)[0]
        session.add(
            LetterRow(
                id=letter_id, entity_id=own.id, direction="in", state="waiting",
                accepted_at=runtime.clock.now(),
            )
        )  # fmt: skip
        session.flush()
        session.add(
            EnclosureRow(
                letter_id=letter_id, position=0, role="letter", name="หนังสือ.pdf",
                bytes=len(data), sha256=runtime.blobs.put(data), media_type="application/pdf",
            )
        )  # fmt: skip

    def verified() -> bool:
        with runtime.database.read() as session:
            return [one.intact for one in signatures_of(session, letter_id)] == [True]

    async with findable(runtime):
        await eventually(verified, "the signature is verified")


SIGNED = signing.signed_pdf(papers.saying(b"(Hello) Tj"), signing.somying())
