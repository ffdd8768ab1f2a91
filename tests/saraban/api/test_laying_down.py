"""Programs lay files down as bytes or as a form sends them, and letters rest before they leave."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import select

from registry.models.outgoing import OutboxRow
from saraban.api.one_file import BYTES, FORM, OneFile
from saraban.api.problems import Refused
from tests.saraban.office import OFFICER

LETTER = {"subject": "ขอเชิญประชุม", "text": "ขอเชิญประชุมในวันศุกร์", "to": ["dla"], "send": True}
HALF = b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\nhalf'
PDF = b"%PDF-1.7 a letter of ours\r\n--not a boundary\r\n" + bytes(range(256)) * 300


def test_a_file_of_a_form_is_laid_down_under_its_own_name(api):
    form = {"file": ("ผนวก ก.pdf", PDF, "application/pdf")}
    laid = api.post("/files", files=form, data={"remark": "passed over"})
    told = laid.json()
    assert (laid.status_code, told["name"], told["bytes"]) == (201, "ผนวก ก.pdf", len(PDF))
    assert (told["sha256"], told["media_type"]) == (sha256(PDF).hexdigest(), "application/pdf")
    named = api.post("/files", files=form, params={"name": "อื่น.pdf"}).json()
    assert named["name"] == "อื่น.pdf"
    sent = api.post("/letters", json=LETTER | {"files": [told["upload"]]}).json()
    file = api.get(f"/letters/{sent['entry']}/files/{told['sha256']}")
    assert file.content == PDF


def test_a_disk_without_room_beyond_its_reserve_takes_no_file(api, desk, monkeypatch):
    full = replace(desk.runtime.gateway.smtp, min_free_bytes=2**60)
    monkeypatch.setattr(desk.runtime, "gateway", replace(desk.runtime.gateway, smtp=full))
    told = api.post("/files", files={"file": ("ก.pdf", PDF, "application/pdf")})
    assert told.status_code == 507
    assert "เต็ม" in told.text


def test_bytes_without_a_name_get_one(api):
    headers = {"Content-Type": "application/octet-stream"}
    laid = api.post("/files", content=b"%PDF-1.7", headers=headers)
    assert laid.status_code == 201
    assert laid.json()["name"]


@pytest.mark.parametrize(
    ("files", "status"),
    [
        ({"other": ("a.pdf", b"x")}, 422),
        ([("file", ("a.pdf", b"x")), ("file", ("b.pdf", b"y"))], 422),
    ],
)
def test_a_form_holds_one_file(api, files, status):
    assert api.post("/files", files=files).status_code == status


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        (FORM, b"--x", 415), ("text/plain", b"x", 415), ("", b"x", 415),
        (f"{FORM}; boundary=x", b"no form at all", 422),
        (f"{FORM}; boundary=x", HALF, 422),
    ],
)  # fmt: skip
def test_what_is_no_sound_form_is_refused(api, kind, body, status):
    answer = api.post("/files", content=body, headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["status"]) == (status, status)


def test_a_form_is_the_same_in_pieces_of_any_size():
    body = (
        b'--b\r\nContent-Disposition: form-data; name="remark"\r\n\r\nx\r\n'
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="\xe0\xb8\x81.pdf"\r\n'
        b"Content-Type: application/pdf\r\n\r\n" + PDF + b"\r\n--b--\r\n"
    )
    for size in (1, 7, 4096, len(body)):
        one = OneFile(f"{FORM}; boundary=b")
        pieces = [one.feed(body[at : at + size]) for at in range(0, len(body), size)]
        one.end()
        assert (b"".join(pieces), one.name) == (PDF, "ก.pdf")
    plain = OneFile(BYTES)
    assert (plain.feed(b"x"), plain.name) == (b"x", "")
    plain.end()
    with pytest.raises(Refused):
        OneFile("application/json")


def leaves_after(desk, entry: str) -> timedelta:
    """Tell how long a letter rests from now."""
    with desk.runtime.database.read() as session:
        wanted = select(OutboxRow.not_before).where(
            OutboxRow.entry_id == entry, OutboxRow.kind == "letter", OutboxRow.state == "queued"
        )
        return session.scalars(wanted).one() - desk.clock.now()


def test_a_letter_rests_as_on_the_pages_unless_it_is_to_go_at_once(desk, api):
    rest = timedelta(seconds=desk.runtime.web.undo_seconds)
    assert rest > timedelta()
    sent = api.post("/letters", json=LETTER).json()
    assert leaves_after(desk, sent["entry"]) == rest
    at_once = api.post("/letters", json=LETTER | {"rest": False}).json()
    assert leaves_after(desk, at_once["entry"]) == timedelta()


def test_a_resting_letter_is_taken_back_and_let_go_again(desk, api):
    sent = api.post("/letters", json=LETTER).json()
    back = api.post(f"/entries/{sent['entry']}/undo")
    assert (back.status_code, back.json()["state"]) == (200, "draft")
    assert api.get(f"/entries/{sent['entry']}").json()["state"] == "reserved"
    again = api.post(
        f"/drafts/{sent['letter']}/send", json={"number": sent["entry"], "rest": False}
    )
    assert again.json()["number"] == sent["number"]
    assert leaves_after(desk, sent["entry"]) == timedelta()
    late = api.post(f"/entries/{api.get('/entries?limit=1').json()['items'][0]['id']}/undo")
    assert late.status_code in {403, 404, 409}, OFFICER
