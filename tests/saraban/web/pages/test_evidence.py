"""The evidence file from the page of a number."""

import io
from urllib.parse import unquote

import pypdf
from sqlalchemy import select

from registry import entries, letters
from registry.desk.accept import accept
from registry.models.access import ReadingRow
from tests.saraban.office import CLERK, OFFICER, SECRETS
from tests.saraban.web.seed import ADMIN, DOUBLE, TOWN_OFFICER


def number_of(desk, *, secret: bool = False) -> str:
    """Give the id of a registered entry; a secret one is registered first."""
    runtime = desk.runtime
    with runtime.database.write() as session:
        for one in letters.waiting(session, "phrae"):
            if secret and one.secrecy:
                accept(session, runtime.desk, one.id, SECRETS)
    with runtime.database.read() as session:
        found = entries.listing(session, "phrae", "received", cleared=True)
    return next(one.id for one in found if bool(one.secrecy) == secret)


def test_the_evidence_file_is_given_and_the_look_is_noted(desk):
    entry_id = number_of(desk)
    client, path = desk.signed_in(CLERK), f"/entries/{entry_id}/evidence.pdf"
    assert path in client.get(f"/entries/{entry_id}").text
    found = client.get(path)
    assert found.headers["content-type"] == "application/pdf"
    pages = pypdf.PdfReader(io.BytesIO(found.content)).pages
    text = "".join(page.extract_text() for page in pages).replace("\n", "")
    assert DOUBLE in text
    assert "ผลการตรวจสอบเลขนี้" in text
    assert "ลงทะเบียน" in text
    assert "registered" not in text
    assert unquote(found.headers["content-disposition"]).count("หลักฐาน เลขรับ ") == 1
    with desk.runtime.database.read() as session:
        [reading] = session.scalars(select(ReadingRow).where(ReadingRow.what == "evidence"))
    assert (reading.who, reading.entry_id) == (CLERK, entry_id)


def test_evidence_is_for_those_who_may_read_the_number(desk):
    entry_id = number_of(desk)
    assert desk.signed_in(TOWN_OFFICER).get(f"/entries/{entry_id}/evidence.pdf").status_code == 404
    assert desk.signed_in(ADMIN).get(f"/entries/{entry_id}/evidence.pdf").status_code == 403
    assert desk.signed_in().get("/entries/none/evidence.pdf").status_code == 404


def test_evidence_of_a_secret_number_is_for_the_cleared(desk):
    entry_id = number_of(desk, secret=True)
    assert desk.signed_in(OFFICER).get(f"/entries/{entry_id}/evidence.pdf").status_code == 403
    found = desk.signed_in(SECRETS).get(f"/entries/{entry_id}/evidence.pdf")
    assert found.content[:5] == b"%PDF-"
