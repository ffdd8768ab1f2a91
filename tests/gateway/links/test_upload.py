"""The upload page: large files come in piece by piece and join their letter."""

import base64
import os
from dataclasses import replace

import pytest
from sqlalchemy import select

from gateway.links.uploads import MOST_AT_ONCE, Uploads
from gateway.settings import ScanSettings
from registry import journal
from registry.errors import OutOfOrder
from registry.ids import new_id
from registry.models.evidence import JournalRow
from registry.models.letters import LetterRow
from registry.models.outgoing import DownloadRow
from registry.settings import AttachmentSettings
from tests.gateway.links.conftest import BIG, Served
from tests.servers.clamd import EICAR

TUS = {"Tus-Resumable": "1.0.0"}
NAME = "ภาพสแกนแบบแปลน.tif"


def announced(length: int, name: str) -> dict[str, str]:
    metadata = f"filename {base64.b64encode(name.encode()).decode()}"
    return {**TUS, "Upload-Length": str(length), "Upload-Metadata": metadata}


async def begin(served: Served, page: str, length: int = len(BIG), name: str = NAME) -> str:
    answer = await served.client.post(page, headers=announced(length, name))
    assert answer.status_code == 201
    return answer.headers["location"]


async def piece(served: Served, place: str, offset: int, content: bytes) -> int:
    headers = {
        **TUS,
        "Upload-Offset": str(offset),
        "Content-Type": "application/offset+octet-stream",
    }
    return (await served.client.patch(place, headers=headers, content=content)).status_code


async def test_a_file_laid_down_in_pieces_joins_its_letter(served):
    page = served.page("upload")
    place = await begin(served, page)
    assert await piece(served, place, 0, BIG[:700_000]) == 204
    assert await piece(served, place, 700_000, BIG[700_000:]) == 204
    laid = served.files()[-1]
    assert (laid.name, laid.bytes) == (NAME, len(BIG))
    assert served.runtime.blobs.path(laid.sha256).read_bytes() == BIG
    assert NAME in (await served.client.get(page)).text


async def test_a_broken_line_costs_one_piece_and_not_the_file(served):
    place = await begin(served, served.page("upload"))
    await piece(served, place, 0, BIG[:1000])
    there = await served.client.head(place, headers=TUS)
    assert there.headers["upload-offset"] == "1000"
    assert await piece(served, place, 0, BIG) == 409
    assert await piece(served, place, 1000, BIG[1000:]) == 204


async def test_more_than_was_announced_is_refused(served):
    place = await begin(served, served.page("upload"), length=10)
    assert await piece(served, place, 0, b"x" * 11) == 409
    assert len(served.files()) == 1


async def test_a_file_over_the_limit_is_refused_in_thai_before_it_is_sent(served):
    metadata = f"filename {base64.b64encode(NAME.encode()).decode()}"
    headers = {**TUS, "Upload-Length": str(5_000_000_000), "Upload-Metadata": metadata}
    answer = await served.client.post(served.page("upload"), headers=headers)
    assert answer.status_code == 413
    assert "ใหญ่เกิน" in answer.text


async def test_an_announcement_without_name_or_length_is_refused(served):
    answer = await served.client.post(served.page("upload"), headers=TUS)
    assert answer.status_code == 400


async def test_an_empty_file_is_a_file_too(served):
    await begin(served, served.page("upload"), length=0, name="ว่าง.txt")
    assert served.files()[-1].bytes == 0


async def test_an_upload_belongs_to_its_own_page(served):
    place = await begin(served, served.page("upload"))
    other = served.page("upload", to="someone@else.go.th")
    stolen = f"{other}/{place.rpartition('/')[2]}"
    assert (await served.client.head(stolen, headers=TUS)).status_code == 404


async def test_a_download_page_takes_no_files(served):
    answer = await served.client.post(served.page().replace("/l/", "/u/"), headers=TUS)
    assert answer.status_code == 404


async def test_whoever_laid_a_file_down_is_evidence(served):
    place = await begin(served, served.page("upload"))
    await piece(served, place, 0, BIG)
    with served.runtime.database.read() as session:
        [row] = session.scalars(select(DownloadRow)).all()
    assert row.peer == "127.0.0.1"
    assert row.enclosure_id == served.files()[-1].id


async def test_an_upload_nobody_touched_for_a_week_is_swept(served):
    page = served.page("upload")
    old = (await begin(served, page)).rpartition("/")[2]
    [left] = (served.runtime.data_dir / "uploads").glob(f"*/{old}/bytes")
    os.utime(left, (0, 0))
    await begin(served, page)
    assert not left.exists()


async def test_a_file_that_was_whole_when_we_died_joins_its_letter_when_asked_for(served):
    """A client that hears that every byte is here sends nothing more."""
    page = served.page("upload")
    place = await begin(served, page, length=4)
    folder = served.runtime.data_dir / "uploads"
    [kept] = folder.glob(f"*/{place.rpartition('/')[2]}/bytes")
    kept.write_bytes(b"scan")
    there = await served.client.head(place, headers=TUS)
    assert there.headers["upload-offset"] == "4"
    assert [file.bytes for file in served.files()][1:] == [4]


async def test_a_file_laid_down_again_after_a_lost_answer_is_there_once(served):
    page = served.page("upload")
    for _ in range(2):
        place = await begin(served, page, length=4)
        assert await piece(served, place, 0, b"scan") == 204
    assert len(served.files()) == 2


async def test_what_a_crash_left_half_begun_stops_no_other_upload(served):
    page = served.page("upload")
    place = await begin(served, page)
    [card] = (served.runtime.data_dir / "uploads").glob("*/*/card.json")
    card.write_text('{"id', encoding="utf-8")
    card.with_name("bytes").unlink()
    assert (await served.client.head(place, headers=TUS)).status_code == 404
    assert await piece(served, await begin(served, page, length=4), 0, b"scan") == 204


async def test_a_stranger_with_a_link_cannot_begin_files_without_end(served):
    page = served.page("upload")
    for _ in range(MOST_AT_ONCE):
        await begin(served, page)
    answer = await served.client.post(page, headers=announced(len(BIG), NAME))
    assert (answer.status_code, "ค้าง" in answer.text) == (429, True)
    await begin(served, served.page("upload", to="other@dla.go.th"))


async def test_nobody_fills_the_disk_through_a_link(tmp_path):
    uploads = Uploads(tmp_path / "uploads", reserve=10**18)
    with pytest.raises(OutOfOrder):
        uploads.begin(new_id(), NAME, 1)


async def test_laying_down_a_file_is_in_the_journal(served):
    place = await begin(served, served.page("upload"), length=4)
    await piece(served, place, 0, b"scan")
    with served.runtime.database.read() as session:
        acts = list(session.scalars(select(JournalRow.act)))
        assert journal.verify(session) == []
    assert "file-laid-down" in acts


def scanning(served: Served, address: str, **attachments: tuple[str, ...]) -> None:
    """Let the listener show files to a scanner."""
    runtime = served.runtime
    runtime.gateway = replace(runtime.gateway, scan=ScanSettings(clamd=address))
    runtime.office = replace(runtime.office, attachments=AttachmentSettings(**attachments))


async def test_a_file_with_a_virus_is_turned_away(served, clamd):
    scanning(served, clamd.address)
    before = len(served.files())
    place = await begin(served, served.page("upload"), len(EICAR))
    assert await piece(served, place, 0, EICAR) == 422
    assert len(served.files()) == before
    assert (await served.client.head(place, headers=TUS)).status_code == 404


async def test_a_file_of_a_forbidden_type_is_turned_away(served):
    scanning(served, "", forbidden_types=(".exe",))
    place = await begin(served, served.page("upload"), 3, "setup.exe")
    assert await piece(served, place, 0, b"abc") == 422


async def test_a_clean_file_changes_nothing_of_its_letter(served, clamd):
    scanning(served, clamd.address)
    place = await begin(served, served.page("upload"), 3)
    assert await piece(served, place, 0, b"abc") == 204
    with served.runtime.database.read() as session:
        assert session.get_one(LetterRow, served.letter_id).scan == ""


async def test_a_file_that_was_not_scanned_is_kept_and_withheld(served, free_port):
    scanning(served, f"127.0.0.1:{free_port()}")
    place = await begin(served, served.page("upload"), 3)
    assert await piece(served, place, 0, b"abc") == 204
    with served.runtime.database.read() as session:
        letter = session.get_one(LetterRow, served.letter_id)
    assert letter.scan == "not_scanned"
    assert letter.scan_detail.startswith("final: a file laid down: the scanner is away")
