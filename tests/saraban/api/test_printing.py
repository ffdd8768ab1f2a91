"""A program lets a draft go with its number printed on its PDF, or hears in Thai why not."""

import io
import uuid

import pytest
from pypdf import PdfReader

from registry.accounts.api_tokens import Scope
from tests.registry.pdf import unnumbered
from tests.saraban.office import CLERK

BLANK = unnumbered.letter("ที่ พร ๐๐๒๓/", "วันที่")


@pytest.fixture
def drafted(program):
    """Let a clerk's program hand in a letter with this PDF; give the id of the draft."""
    clerk = program(Scope.READ, Scope.SEND, officer=CLERK)

    def make(data: bytes) -> str:
        upload = clerk.post(
            "/files", params={"name": "หนังสือ.pdf"}, content=data,
            headers={"Content-Type": "application/octet-stream"},
        ).json()  # fmt: skip
        body = {"subject": "ขอเชิญประชุม", "to": ["dla"], "files": [upload["upload"]]}
        made = clerk.post("/letters", json=body).json()
        assert made["state"] == "draft"
        return str(made["letter"])

    return make


def sent(api) -> int:
    return len(api.get("/entries?limit=100&book=sent").json()["items"])


def test_a_draft_goes_with_its_number_on_its_file_once(api, drafted):
    letter_id, before = drafted(BLANK), sent(api)
    key = {"Idempotency-Key": uuid.uuid4().hex}
    body = {"print_number": True}
    gone = api.post(f"/drafts/{letter_id}/send", json=body, headers=key)
    entry = gone.json()
    assert (gone.status_code, entry["state"]) == (200, "registered")
    file = next(one for one in entry["enclosures"] if one["media_type"] == "application/pdf")
    data = api.get(f"/letters/{letter_id}/files/{file['sha256']}").content
    assert data.startswith(BLANK)
    figures = entry["letter_number"].rpartition("/")[2]
    thai = figures.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))
    assert thai in PdfReader(io.BytesIO(data)).pages[0].extract_text()
    again = api.post(f"/drafts/{letter_id}/send", json=body, headers=key)
    assert (again.json()["id"], sent(api)) == (entry["id"], before + 1)
    late = api.post(f"/drafts/{letter_id}/send", json=body)
    assert (late.status_code, sent(api)) == (409, before + 1)


def test_what_cannot_be_printed_on_stays_a_draft_without_a_number(api, drafted):
    letter_id, before = drafted(unnumbered.letter("ที่ พร ๐๐๒๓/๑๒")), sent(api)
    refused = api.post(f"/drafts/{letter_id}/send", json={"print_number": True})
    assert refused.status_code == 403
    assert "ไม่พบบรรทัด “ที่ พร ๐๐๒๓/”" in refused.json()["detail_th"]
    other = api.post(f"/drafts/{letter_id}/send", json={"print_number": True, "number": "paper"})
    assert other.status_code in {400, 422}
    assert "เลขถัดไป" in other.json()["detail_th"]
    assert (sent(api), api.get(f"/letters/{letter_id}").json()["state"]) == (before, "draft")
