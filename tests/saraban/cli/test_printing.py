"""`saraban letter accept --print-number`: number first, then the copy, then the letter goes."""

import os
import signal
import subprocess
import sys

import pytest
from sqlalchemy import select

from registry.models.letters import EnclosureRow
from tests.registry.pdf.unnumbered import letter
from tests.saraban.office import OFFICER
from tests.saraban.web.pages.test_drafts_crop import draft

BLANK = letter("ที่ พร ๐๐๒๓/", "วันที่")


def sent(office):
    return office.data("register", "list", "--book", "sent")


def files_of(office, letter_id):
    runtime = office.runtime()
    with runtime.database.read() as session:
        wanted = select(EnclosureRow).where(EnclosureRow.letter_id == letter_id)
        rows = list(session.scalars(wanted.order_by(EnclosureRow.position)))
        found = [(row.role, runtime.blobs.path(row.sha256).read_bytes()) for row in rows]
    runtime.close()
    return found


def test_a_draft_goes_with_its_number_on_its_file_and_the_books_can_be_proven(office):
    letter_id = draft(office, BLANK)
    done = office.run("letter", "accept", letter_id, "--by", OFFICER, "--print-number")
    assert "พิมพ์เลขและวันที่ลงในไฟล์ และส่งแล้ว เลขที่ พร ๐๐๒๓/๑" in done.stderr
    (role, mine), (kept, clerks) = files_of(office, letter_id)
    assert (role, kept, clerks) == ("letter", "decoration", BLANK)
    assert mine.startswith(BLANK)
    assert len(mine) > len(BLANK)
    assert office.data("proof")["holds"] is True


@pytest.mark.parametrize("point", ["number_reserved", "number_printed"])
def test_a_power_cut_before_it_was_sent_leaves_the_draft_with_its_number(office, point):
    letter_id = draft(office, BLANK)
    command = ["letter", "accept", letter_id, "--by", OFFICER, "--print-number"]
    cut = subprocess.run(
        [sys.executable, "-m", "saraban", *command], check=False, capture_output=True,
        env=os.environ | {"SARABAN_CONFIG": str(office.config), "SARABAN_FAULT": point},
    )  # fmt: skip
    assert cut.returncode == -signal.SIGKILL, cut.stderr
    assert [one["state"] for one in sent(office)] == ["reserved"]
    assert files_of(office, letter_id) == [("letter", BLANK)]
    office.run(*command)
    [entry] = sent(office)
    assert (entry["state"], entry["number"]) == ("registered", 1)
    assert len(files_of(office, letter_id)) == 2


def test_a_file_that_is_refused_takes_no_number(office):
    letter_id = draft(office, letter("ที่ พร ๐๐๒๓/๑๒"))
    done = office.run("letter", "accept", letter_id, "--by", OFFICER, "--print-number", code=1)
    assert "ไม่พบบรรทัด" in done.output
    assert sent(office) == []
    command = ["letter", "accept", letter_id, "--by", OFFICER, "--print-number"]
    office.run(*command, "--number", "fresh", code=2)
