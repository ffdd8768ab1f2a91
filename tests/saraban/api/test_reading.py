"""Programs read what their entity has, as docs/JSON.md says, and nothing else."""

import json

import pytest

from registry import readings
from registry.accounts.api_tokens import Scope
from saraban.api.shapes.entry import EntryLine, EntryShape, LetterLine, LetterShape
from tests.saraban.office import OFFICER, SECRETS
from tests.saraban.web.seed import ADMIN, SECRET, TOWN_OFFICER


def first_entry(api):
    return api.get("/entries", params={"book": "received", "limit": 1}).json()["items"][0]


def test_a_program_learns_who_it_is(api):
    said = api.get("/me").json()
    assert (said["entity"], said["officer"], said["role"]) == ("phrae", OFFICER, "officer")


_BESIDE = ("trust", "signatures", "paper")


def names_of(shape):
    return [field.alias or name for name, field in shape.model_fields.items()]


@pytest.mark.parametrize(
    ("path", "whole", "line"),
    [("entries", EntryShape, EntryLine), ("letters", LetterShape, LetterLine)],
)
def test_an_entry_and_a_letter_are_what_the_command_prints(desk, api, path, whole, line):
    """A list has the same without what is known beside it: the sender, signatures, the paper."""
    one = api.get(f"/{path}", params={"limit": 1}).json()["items"][0]
    printed = desk.office.data("letter", "show", one["id"])
    assert api.get(f"/{path}/{one['id']}").json() == printed
    assert printed["trust"]["means"]
    assert names_of(whole) == list(printed)
    assert one == {name: printed[name] for name in printed if name not in _BESIDE}
    assert names_of(line) == list(one)


def test_pages_follow_each_other_without_gap_or_double(api):
    whole = [one["id"] for one in api.get("/entries", params={"limit": 100}).json()["items"]]
    read, cursor = [], ""
    while cursor is not None:
        page = api.get("/entries", params={"limit": 2, "cursor": cursor}).json()
        read += [one["id"] for one in page["items"]]
        cursor = page["cursor"]
    assert read == whole
    newest = api.get("/entries", params={"order": "newest"}).json()["items"]
    assert [one["id"] for one in newest] == whole[::-1]


def test_a_number_is_found_in_its_book(api):
    one = first_entry(api)
    wanted = {name: one[name] for name in ("book", "year", "number")}
    assert [found["id"] for found in api.get("/entries", params=wanted).json()["items"]] == [
        one["id"]
    ]


def test_waiting_letters_come_a_page_at_a_time(api):
    read, cursor = [], ""
    while cursor is not None:
        page = api.get("/letters", params={"limit": 7, "cursor": cursor}).json()
        read += [one["id"] for one in page["items"]]
        cursor = page["cursor"]
    assert len(read) == len(set(read)) == len(api.get("/letters?limit=100").json()["items"]) > 7


def test_another_entity_has_nothing_of_ours(api, program):
    other = program(officer=TOWN_OFFICER)
    entry, letter = first_entry(api), api.get("/letters").json()["items"][0]
    assert other.get(f"/entries/{entry['id']}").status_code == 404
    assert other.get(f"/letters/{letter['id']}").status_code == 404
    assert other.get("/entries").json()["items"] == []
    assert other.get("/search", params={"q": "งบประมาณ"}).json()["items"] == []
    close = other.post(f"/entries/{entry['id']}/close", json={"how": "filed"})
    assert close.status_code == 404


def test_a_secret_letter_is_for_a_token_with_the_scope_of_a_cleared_officer(api, program):
    cleared = program(Scope.READ, Scope.SECRET, officer=SECRETS)
    [secret] = [one for one in cleared.get("/letters").json()["items"] if one["secrecy"]]
    assert SECRET in secret["subject"]
    plain = program(Scope.READ, officer=SECRETS)
    for client in (api, plain):
        assert SECRET not in json.dumps(client.get("/letters").json(), ensure_ascii=False)
        assert client.get(f"/letters/{secret['id']}").status_code == 404
        assert client.get(f"/letters/{secret['id']}/original").status_code == 404


def test_a_program_without_an_officer_reads_and_does_nothing(program):
    reader = program(Scope.READ, officer="")
    entry = first_entry(reader)
    assert reader.post(f"/entries/{entry['id']}/close", json={"how": "filed"}).status_code == 403


def test_a_scope_gives_no_more_rights_than_the_officer_has(program):
    assert program(officer=ADMIN).get("/entries").status_code == 403


def test_a_search_shows_the_places_that_match(desk, api):
    desk.office.run("search", "งบประมาณ")  # lets the index come up with the books
    found = api.get("/search", params={"q": "การจัดสรรงบประมาณ", "kind": "entry"}).json()
    assert found["items"][0]["subject"].endswith("การจัดสรรงบประมาณ")
    match = found["items"][0]["matches"][0]
    begin, end = match["spans"][0]
    assert match["text"][begin:end] == "การจัดสรรงบประมาณ"


def test_the_directory_names_whom_to_write_to(api):
    found = api.get("/directory", params={"q": "ส่งเสริม"}).json()["items"]
    assert "dla" in [one["token"] for one in found]
    assert api.get("/directory/dla").json()["address"] == "saraban@dla.go.th"
    assert api.get("/directory/nobody").status_code == 404
    assert api.get("/units").status_code == 200


def test_addressees_have_a_history(api):
    sent = api.get("/entries", params={"book": "sent"}).json()["items"][0]
    [one] = api.get(f"/entries/{sent['id']}/deliveries").json()["items"]
    assert one["to_entity"] == "dla"
    assert [line["state"] for line in one["history"]][-1] == one["state"]


def test_events_are_the_journal_in_order(api):
    said = api.get("/events", params={"limit": 5}).json()
    positions = [one["position"] for one in said["items"]]
    assert positions == sorted(positions)
    assert said["cursor"] == positions[-1]
    later = api.get("/events", params={"after": said["cursor"], "limit": 1}).json()["items"]
    assert later[0]["position"] > positions[-1]


def test_a_look_is_written_down(desk, api):
    entry = first_entry(api)
    api.get(f"/entries/{entry['id']}")
    with desk.runtime.database.read() as session:
        [last, *_] = readings.listing(session, 1)
    assert (last.who, last.entry_id) == ("token:ระบบแผน", entry["id"])


@pytest.mark.parametrize(
    "header", [{}, {"Authorization": "Bearer x"}, {"Authorization": "Basic x"}]
)
def test_without_a_good_token_there_is_nothing(desk, header):
    client = desk.signed_in()  # a session of the pages counts for nothing here
    for path in ("/entries", "/me", "/search?q=x"):
        response = client.get(f"/api/v1{path}", headers=header)
        assert response.status_code == 401
        assert response.headers["www-authenticate"] == "Bearer"


def test_a_revoked_token_is_refused_at_once(desk, program):
    client = program()
    number = client.get("/me").json()["token"]
    desk.office.run("token", "revoke", str(number), "--entity", "phrae")
    assert client.get("/me").status_code == 401
