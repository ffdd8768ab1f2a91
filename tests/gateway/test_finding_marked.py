"""A letter whose scan may bear a marking, misread, is hidden until an officer has looked."""

import hashlib

import pytest

from gateway.finding import hide_if_marked
from gateway.service import Runtime
from registry import directory
from registry.ids import new_id
from registry.letter.page import Box, Line, Page
from registry.models.letters import EnclosureRow, LetterRow
from saraban.config.load import load
from saraban.installing import FirstEntity
from tests.founding import founded

SHA = hashlib.sha256(b"a scan").hexdigest()


@pytest.fixture
def runtime(data_dir, clock):
    first = FirstEntity("phrae", "จังหวัดแพร่", "phrae.go.th", "พร ๐๐๒๓")
    settings = load(founded(data_dir, "saraban.test", first), {})
    made = Runtime(settings.office, settings.gateway, clock)
    yield made
    made.close()


@pytest.mark.parametrize(("read", "state"), [("ลบปบ", "secret"), ("ด่วนมาก", "waiting")])
def test_a_marking_that_was_misread_hides_the_letter(runtime: Runtime, read: str, state: str):
    page = Page(1, "ocr", 0.9, 595.0, 842.0, (Line(read, Box(0.16, 0.07, 0.22, 0.09), 85),))
    letter_id = new_id()
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
                letter_id=letter_id, position=0, sha256=SHA, name="a.pdf", bytes=6,
                media_type="application/pdf", role="letter",
            )
        )  # fmt: skip
    with runtime.database.write() as session:
        hide_if_marked(runtime.desk, session, SHA, page)
    with runtime.database.read() as session:
        letter = session.get_one(LetterRow, letter_id)
        assert letter.state == state
        assert letter.facts.get("found_secret", {}).get("doubted", False) is (state == "secret")
