"""Programs register, act, send: as officers do, once, and never on a state that is no more."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from registry.accounts.api_tokens import Scope
from registry.dossier import dossier
from saraban.api.pace import Pace
from saraban.api.problems import KINDS
from tests.saraban.office import CLERK, OFFICER, SECRETS
from tests.saraban.web.seed import AUDITOR, SECOND

LETTER = {"subject": "ขอเชิญประชุม", "text": "ขอเชิญประชุมในวันศุกร์", "to": ["dla"]}


def waiting(api, which=0):
    ours = [one for one in api.get("/letters?limit=100").json()["items"] if one["letter_number"]]
    return ours[which]


@pytest.fixture
def registered(api):
    """An entry of its own for each test."""
    letter = waiting(api)
    return api.post(f"/letters/{letter['id']}/register", json={"distinct": True}).json()


def test_a_waiting_letter_is_registered_with_what_the_paper_says(desk, api):
    letter = waiting(api)
    body = {"subject": "การรับสมัครสอบ", "dated": "2019-10-16", "distinct": True}
    response = api.post(f"/letters/{letter['id']}/register", json=body)
    entry = response.json()
    assert (response.status_code, entry["state"]) == (200, "registered")
    assert (entry["subject"], entry["dated"]) == ("การรับสมัครสอบ", "2019-10-16")
    again = api.post(f"/letters/{letter['id']}/register", json={})
    assert again.status_code == 409
    assert OFFICER in again.json()["detail_th"]


def test_what_was_done_through_a_program_says_so_in_the_journal(desk, api, registered):
    token = api.get("/me").json()["token"]
    shown = desk.office.runtime()
    with shown.database.read() as session:
        lines = dossier(session, registered["id"], None).lines
    shown.close()
    assert (lines[0].by, lines[0].facts["token"]) == (OFFICER, token)


def test_the_same_key_does_an_act_once(api):
    before = len(api.get("/entries?limit=100&book=sent").json()["items"])
    key = {"Idempotency-Key": "one reservation"}
    first = api.post("/numbers", json={"subject": "ประกาศ"}, headers=key)
    second = api.post("/numbers", json={"subject": "ประกาศ"}, headers=key)
    assert (first.status_code, first.json()) == (201, second.json())
    assert first.headers["location"] == f"/api/v1/entries/{first.json()['id']}"
    assert len(api.get("/entries?limit=100&book=sent").json()["items"]) == before + 1
    other = api.post("/numbers", json={"subject": "อื่น"}, headers=key)
    assert other.status_code == 409


def test_the_same_key_sent_at_once_many_times_does_an_act_once(api):
    key = {"Idempotency-Key": "all at once"}

    def reserve(_):
        return api.post("/numbers", json={"subject": "พร้อมกัน"}, headers=key).json()["id"]

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(reserve, range(8)))) == 1


def test_keys_of_two_programs_do_not_meet(api, program):
    key = {"Idempotency-Key": "a key of two"}
    one = api.post("/numbers", json={}, headers=key).json()
    other = program().post("/numbers", json={}, headers=key).json()
    assert one["number"] != other["number"]


def test_a_change_needs_the_state_that_was_read(api, registered):
    place = f"/entries/{registered['id']}"
    body = {"subject": "เรื่องที่ถูกต้อง", "reason": "พิมพ์ผิด"}
    assert api.patch(place, json=body).status_code == 428
    tag = api.get(place).headers["etag"]
    changed = api.patch(place, json=body, headers={"If-Match": tag})
    assert changed.json()["subject"] == "เรื่องที่ถูกต้อง"
    assert changed.headers["etag"] != tag
    stale = api.patch(place, json=body | {"subject": "อื่น"}, headers={"If-Match": tag})
    assert stale.status_code == 412
    assert stale.json()["detail_th"].startswith("มีผู้แก้ไข")


def test_a_matter_goes_its_way(api, registered):
    place = f"/entries/{registered['id']}"
    passed = api.post(f"{place}/pass-on", json={"unit": "local", "words": "เพื่อดำเนินการ"})
    assert "กลุ่มงานส่งเสริม" in passed.json()["action"]
    for act, body in (
        ("endorse", {"words": "ทราบ"}), ("propose", {"to": SECOND}),
        ("close", {"how": "filed", "words": "รองฯ สั่งด้วยวาจา"}),
        ("reopen", {"reason": "มีหนังสือเพิ่ม"}), ("void", {"reason": "ลงซ้ำ"}),
    ):  # fmt: skip
        done = api.post(f"{place}/{act}", json=body)
        assert done.status_code == 200, (act, done.text)
    assert done.json()["state"] == "void"
    assert api.post(f"{place}/void", json={"reason": "อีกครั้ง"}).status_code == 409


def test_two_entries_are_joined_and_parted(api, registered):
    other = api.post("/numbers", json={"subject": "เรื่องเดิม"}).json()
    place = f"/entries/{registered['id']}"
    joined = api.post(f"{place}/link", json={"other": other["id"], "relation": "cites"}).json()
    assert [(one["relation"], one["entry"]) for one in joined["links"]] == [("cites", other["id"])]
    parted = api.post(f"{place}/unlink", json={"other": other["id"], "reason": "ผิดเรื่อง"}).json()
    assert parted["links"] == []
    assert api.post(f"{place}/link", json={"other": registered["id"]}).status_code == 422


def test_a_letter_is_sent_back_or_attached(api, registered):
    attached = api.post(f"/letters/{waiting(api)['id']}/attach", json={"entry": registered["id"]})
    assert attached.json()["id"] == registered["id"]
    told = api.post(f"/letters/{waiting(api)['id']}/return", json={"reason": "ไม่มีสิ่งที่ส่งมาด้วย"})
    assert told.json()["sender_told"] is True
    back = api.post(f"/entries/{registered['id']}/return", json={"reason": "ผิดหน่วยงาน"})
    assert back.json()["sender_told"] is True


def test_a_file_is_laid_down_and_sent_with_a_letter(api):
    upload = api.post(
        "/files", params={"name": "หนังสือ.pdf"}, content=b"%PDF-1.7 a letter of ours",
        headers={"Content-Type": "application/octet-stream"},
    ).json()  # fmt: skip
    assert upload["media_type"] == "application/pdf"
    body = LETTER | {"files": [upload["upload"]], "send": True, "urgency": "ด่วน"}
    sent = api.post("/letters", json=body).json()
    assert sent["state"] == "sent"
    entry = api.get(f"/entries/{sent['entry']}").json()
    assert [one["to"] for one in entry["deliveries"]] == ["saraban@dla.go.th"]
    file = f"/letters/{sent['entry']}/files/{upload['sha256']}"
    whole, piece = api.get(file), api.get(file, headers={"Range": "bytes=5-7"})
    assert whole.content == b"%PDF-1.7 a letter of ours"
    assert (piece.status_code, piece.content) == (206, b"1.7")


def test_a_file_of_another_program_cannot_be_used(api, program):
    upload = program().post(
        "/files", params={"name": "x.pdf"}, content=b"%PDF-1.7",
        headers={"Content-Type": "application/octet-stream"},
    ).json()  # fmt: skip
    body = LETTER | {"files": [upload["upload"]]}
    assert api.post("/letters", json=body).status_code == 404


def test_a_clerks_letter_waits_until_an_officer_lets_it_go(api, program):
    sent = program(Scope.READ, Scope.SEND, officer=CLERK).post("/letters", json=LETTER).json()
    assert (sent["state"], sent["entry"]) == ("draft", None)
    drafts = api.get("/letters", params={"direction": "out"}).json()["items"]
    assert sent["letter"] in [one["id"] for one in drafts]
    let_go = api.post(f"/drafts/{sent['letter']}/send", json={"number": "next"})
    assert let_go.json()["state"] == "registered"


def test_a_letter_handed_in_twice_is_one(api):
    key = {"Idempotency-Key": "a letter"}
    first = api.post("/letters", json=LETTER, headers=key).json()
    assert api.post("/letters", json=LETTER, headers=key).json() == first


def test_paper_is_registered_at_the_counter(api):
    body = {"subject": "ขอความอนุเคราะห์", "sender": "นายสมศักดิ์ แพร่งาม", "way": "hand", "pages": 2}
    made = api.post("/papers", json=body)
    assert made.status_code == 201
    assert (made.json()["from"], made.json()["book"]) == ("นายสมศักดิ์ แพร่งาม", "received")


def test_the_original_is_given_byte_for_byte(desk, api):
    letter = waiting(api)
    given = api.get(f"/letters/{letter['id']}/original")
    printed = desk.office.run("letter", "original", letter["id"]).stdout_bytes
    assert given.content == printed


@pytest.mark.parametrize("email", [AUDITOR])
def test_an_auditors_program_only_reads(program, api, registered, email):
    auditor = program(officer=email)
    assert auditor.get(f"/entries/{registered['id']}").status_code == 200
    assert auditor.post("/numbers", json={}).status_code == 403
    close = auditor.post(f"/entries/{registered['id']}/close", json={"how": "filed"})
    assert close.status_code == 403


def test_a_secret_entry_is_only_acted_on_with_the_scope(program, api):
    cleared = program(*Scope, officer=SECRETS)
    [secret] = [one for one in cleared.get("/letters").json()["items"] if one["secrecy"]]
    entry = cleared.post(f"/letters/{secret['id']}/register", json={}).json()
    plain = program(officer=SECRETS)
    assert plain.get(f"/entries/{entry['id']}").json()["subject"] == ""
    close = plain.post(f"/entries/{entry['id']}/close", json={"how": "filed"})
    assert close.status_code == 403
    assert cleared.post(f"/entries/{entry['id']}/close", json={"how": "filed"}).status_code == 200


def test_webhooks_are_made_listed_and_ended(api):
    key = {"Idempotency-Key": "a hook"}
    body = {"url": "https://plan.example.go.th/hook", "events": ["registered"]}
    made = api.post("/webhooks", json=body, headers=key)
    assert made.json()["secret"].startswith("whsec_")
    again = api.post("/webhooks", json=body, headers=key).json()
    assert (again["id"], again["secret"]) == (made.json()["id"], None)
    assert [one["id"] for one in api.get("/webhooks").json()["items"]] == [again["id"]]
    assert api.delete(f"/webhooks/{again['id']}").json()["ended_at"]
    assert api.delete("/webhooks/999").status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "keys", "status"),
    [
        ("GET", "/entries/aaaaaaaaaaaaaaaa", {}, 404),
        ("GET", "/nowhere", {}, 404),
        ("PUT", "/entries", {}, 405),
        ("POST", "/numbers", {"json": {"subject": 7}}, 422),
        (
            "POST",
            "/numbers",
            {"content": b"{", "headers": {"Content-Type": "application/json"}},
            422,
        ),
        ("POST", "/numbers", {"json": {"subject": "x" * 1_000_001}}, 413),
        ("POST", "/files?name=x", {"json": {}}, 415),
    ],
)
def test_what_is_wrong_is_told_as_a_problem(api, method, path, keys, status):
    response = api.request(method, path, **keys)
    said = response.json()
    assert response.headers["content-type"] == "application/problem+json"
    assert (response.status_code, said["status"], said["title"]) == (
        status, status, KINDS[status][0],
    )  # fmt: skip
    assert said["detail_th"]
    assert said["todo"]


def test_an_error_nobody_expected_is_a_problem_with_a_number(desk, api, monkeypatch):
    def broken(*_):
        raise RuntimeError("a bug")

    monkeypatch.setattr("registry.completing.complete", broken)
    said = api.get("/directory", params={"q": "x"})
    assert (said.status_code, said.json()["title"]) == (500, "Unexpected error")
    assert said.json()["number"] in said.json()["detail_th"]


def test_whoever_asks_too_often_is_told_when_to_come_again(desk):
    pace, at = Pace(2), desk.clock.now()
    assert [pace.take(1, at) for _ in range(3)] == [0, 0, 30]
    assert pace.take(2, at) == 0


def test_the_document_and_its_page_need_no_token(desk):
    client = desk.browser()
    document = client.get("/api/v1/openapi.json").json()
    page = client.get("/api/v1/docs").text
    for path in document["paths"]:
        assert f"/api/v1{path}" in page
    assert "<script" not in page
