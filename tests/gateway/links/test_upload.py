"""The upload page: large files come in piece by piece and join their letter."""

import base64
import os

from sqlalchemy import select

from registry.models.outgoing import DownloadRow
from tests.gateway.links.conftest import BIG, Served

TUS = {"Tus-Resumable": "1.0.0"}
NAME = "ภาพสแกนแบบแปลน.tif"


async def begin(served: Served, page: str, length: int = len(BIG), name: str = NAME) -> str:
    metadata = f"filename {base64.b64encode(name.encode()).decode()}"
    headers = {**TUS, "Upload-Length": str(length), "Upload-Metadata": metadata}
    answer = await served.client.post(page, headers=headers)
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
    left = served.runtime.data_dir / "uploads" / old / "bytes"
    os.utime(left, (0, 0))
    await begin(served, page)
    assert not left.exists()
