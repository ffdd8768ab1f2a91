"""Who is bound to a unit: on every page and in the API the same letters, and no trace of others."""

import re
from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import event, select

from registry import entries, letters
from registry.accounts.api_tokens import Scope
from registry.desk.accept import accept
from registry.desk.pass_on import pass_on
from registry.ids import new_id
from registry.models.books import EntryRow
from registry.models.letters import LetterRow
from tests.saraban.api.conftest import token_of
from tests.saraban.office import OFFICER, SECRETS
from tests.saraban.web import shelves
from tests.saraban.web.desk import WebDesk, copied
from tests.saraban.web.seed import SECRET

BOUND, CHIEF = "finance@phrae.go.th", "finance-chief@phrae.go.th"
MINE = "ซักซ้อมแนวทางการจัดทำแผนพัฒนาท้องถิ่น"
THEIRS = "ขอความร่วมมือประชาสัมพันธ์การรับสมัครสอบ"


@pytest.fixture(scope="module")
def desk(seeded, tmp_path_factory) -> Iterator[WebDesk]:
    """An office with a unit below another; nothing here changes a letter but the first fixture."""
    office = copied(seeded, tmp_path_factory.mktemp("reach") / "phrae")
    for code, *above in (("planning",), ("finance", "--above", "planning"), ("works",)):
        office.run("unit", "add", code, "--entity", "phrae", "--name", code, *above)
    for email, role, unit in ((BOUND, "clerk", "finance"), (CHIEF, "officer", "planning")):
        office.run(
            "officer", "add", email, "--entity", "phrae", "--role", role, "--unit", unit
        )  # fmt: skip
    with WebDesk(office).serving() as running:
        yield running


@pytest.fixture(scope="module")
def placed(desk) -> dict[str, str]:
    """One registered letter for each of two units; the ids of their entries by subject."""
    made = {}
    with desk.runtime.database.write() as session:
        for subject, unit in ((MINE, "finance"), (THEIRS, "works")):
            wanted = select(LetterRow.id).where(
                LetterRow.subject == subject, LetterRow.state == "waiting"
            )
            letter = session.scalars(wanted.order_by(LetterRow.id)).first()
            entry = accept(session, desk.runtime.desk, letter, OFFICER, distinct=True)
            pass_on(session, desk.runtime.desk, entry.id, OFFICER, unit, "โปรดดำเนินการ")
            made[subject] = entry.id
    shelves.settle(desk.runtime)
    return made


def plain(html: str) -> str:
    return re.sub(r"<wbr>|</?(?:span|mark|b)\b[^>]*>", "", html)


@pytest.mark.parametrize("who", [BOUND, CHIEF])
def test_books_search_and_letters_show_what_concerns_the_unit(desk, placed, who):
    client = desk.signed_in(who)
    for page in ("/books/received", "/search?q=แผนพัฒนา", "/search?q=รับสมัครสอบ", "/inbox"):
        answer = client.get(page, follow_redirects=True)
        assert answer.status_code == 200, page
        assert THEIRS not in plain(answer.text), page
    assert MINE in plain(client.get("/books/received", follow_redirects=True).text)
    assert MINE in plain(client.get("/search?q=แผนพัฒนา").text)
    assert "ไม่พบหนังสือ" in plain(client.get("/search?q=รับสมัครสอบ").text)
    assert client.get(f"/entries/{placed[MINE]}").status_code == 200


def test_the_central_registry_sees_both(desk, placed):
    client = desk.signed_in(OFFICER)
    book = plain(client.get("/books/received", follow_redirects=True).text)
    assert (MINE in book, THEIRS in book) == (True, True)


def test_what_waits_for_the_central_registry_is_not_counted_for_others(desk, placed):
    with desk.runtime.database.read() as session:
        waits = letters.waiting(session, "phrae")[0]
    assert waits.subject
    for client in map(desk.signed_in, (BOUND, CHIEF)):
        assert client.get(f"/inbox/{waits.id}").status_code == 404
        assert "ทั้งหมด" not in plain(client.get("/inbox").text) or waits.subject not in plain(
            client.get("/inbox").text
        )
    assert desk.signed_in(OFFICER).get(f"/inbox/{waits.id}").status_code == 200


def test_nothing_of_another_unit_opens(desk, placed):
    """Pages, files, acts: what may not be seen is not there, and nothing is done to it."""
    entry = placed[THEIRS]
    with desk.runtime.database.read() as session:
        letter = entries.get(session, entry).letter_id
        file = letters.get_letter(session, letter).enclosures[0].id
    client = desk.signed_in(CHIEF)
    for page in (
        f"/entries/{entry}", f"/letters/{letter}", f"/letters/{letter}/files/{file}",
        f"/letters/{letter}/files/{file}/view", f"/letters/{letter}/files/{file}/pages/1",
        f"/letters/{letter}/original", f"/entries/{entry}/evidence.pdf", f"/follow/{entry}",
        f"/counter/{entry}",
    ):  # fmt: skip
        assert client.get(page).status_code == 404, page
    for act, fields in (
        ("close", {"how": "filed"}), ("endorse", {"words": "ทราบ"}), ("propose", {"to": OFFICER}),
        ("pass-on", {"unit": "finance"}), ("void", {"reason": "x"}), ("confirm", {}),
    ):  # fmt: skip
        assert desk.post(client, f"/entries/{entry}/{act}", **fields).status_code == 404, act
    own = f"/entries/{placed[MINE]}/link"
    with desk.runtime.database.read() as session:
        row = session.get_one(EntryRow, entry)
        place = f"รับ/{row.number}/{row.year}"
    assert desk.post(client, own, relation="answers", other=place).status_code == 404
    assert client.get("/journal").status_code == 403
    with desk.runtime.database.read() as session:
        assert entries.get(session, entry).closed is None


@pytest.mark.parametrize("page", ["/entries/{}", "/letters/{}", "/inbox/{}", "/follow/{}"])
def test_forbidden_is_not_found_after_the_same_questions(desk, placed, page):
    """The same page to the last byte, asked for in the same statements."""
    with desk.runtime.database.read() as session:
        hidden = entries.get(session, placed[THEIRS])
    name = hidden.letter_id if page.startswith(("/letters", "/inbox")) else hidden.id
    client = desk.signed_in(BOUND)
    client.get("/account")

    def opened(which: str) -> tuple[int, str, list[str]]:
        heard: list[str] = []

        def hear(_connection, _cursor, statement, *_more) -> None:
            heard.append(statement)

        event.listen(desk.runtime.database.engine, "before_cursor_execute", hear)
        answer = client.get(page.format(which))
        event.remove(desk.runtime.database.engine, "before_cursor_execute", hear)
        text = re.sub(r'(value|content)="[^"]{20,}"|nonce="[^"]*"', "", answer.text)
        return answer.status_code, text.replace(which, ""), [one for one in heard if one != "BEGIN"]

    status, text, asked = opened(new_id())
    again = opened(name)
    assert (status, again[0]) == (404, 404)
    assert again[1] == text
    assert [one for one in again[2] if "journal_head" not in one] == [
        one for one in asked if "journal_head" not in one
    ]


def test_the_api_knows_no_more_than_the_officer_behind_the_token(desk, placed):
    headers = {"Authorization": f"Bearer {token_of(desk, officer=CHIEF)}"}
    with httpx.Client(base_url=f"{desk.url}/api/v1", headers=headers, timeout=30) as api:
        listed = {one["id"] for one in api.get("/entries?limit=100").json()["items"]}
        assert placed[MINE] in listed
        assert placed[THEIRS] not in listed
        assert api.get("/search?q=รับสมัครสอบ").json()["total"] == 0
        assert api.get("/search?q=แผนพัฒนา").json()["total"] == 1
        gone, never = (api.get(f"/entries/{one}") for one in (placed[THEIRS], new_id()))
        assert (gone.status_code, gone.json()["title"]) == (404, never.json()["title"])
        assert (
            api.post(f"/entries/{placed[THEIRS]}/close", json={"how": "filed"}).status_code == 404
        )
        told = api.get("/events?limit=200").json()["items"]
        assert placed[MINE] in {one["entry"] for one in told}
        assert placed[THEIRS] not in {one["entry"] for one in told}
        hook = {"url": "https://example.com/hook"}
        assert api.post("/webhooks", json=hook).status_code == 403


def test_a_program_without_an_officer_reads_for_the_whole_office(desk, placed):
    headers = {"Authorization": f"Bearer {token_of(desk, Scope.READ, officer='')}"}
    with httpx.Client(base_url=f"{desk.url}/api/v1", headers=headers, timeout=30) as api:
        assert api.get(f"/entries/{placed[THEIRS]}").status_code == 200


def test_the_mailboxes_of_the_office_are_not_those_of_a_unit(desk, placed):
    assert desk.signed_in(CHIEF).get("/mailboxes").status_code == 403
    assert desk.signed_in(OFFICER).get("/mailboxes").status_code == 200


def test_an_entity_may_let_its_people_see_everything(desk, placed):
    client = desk.signed_in(BOUND)
    desk.office.run("entity", "edit", "phrae", "--readers", "entity")
    assert client.get(f"/entries/{placed[THEIRS]}").status_code == 200
    assert THEIRS in plain(client.get("/search?q=รับสมัครสอบ").text)
    desk.office.run("entity", "edit", "phrae", "--readers", "unit")
    assert client.get(f"/entries/{placed[THEIRS]}").status_code == 404


def test_a_secret_letter_is_found_and_marked_for_the_cleared_and_nobody_else(desk, placed):
    """Others are not told that there is one: not in hits, not in totals, not by what is offered."""
    with desk.runtime.database.write() as session:
        wanted = select(LetterRow.id).where(LetterRow.state == "secret")
        letter = session.scalars(wanted).first()
        entry = accept(session, desk.runtime.desk, letter, SECRETS)
    shelves.settle(desk.runtime)
    asked = {"q": SECRET[:12]}
    marked = plain(desk.signed_in(SECRETS).get("/search", params=asked).text)
    assert SECRET in marked
    assert '<a href="/entries/' + entry.id in marked or entry.id in marked
    hit = desk.signed_in(SECRETS).get("/search", params=asked).text
    assert '<span class="tag red">ลับ</span>' in hit
    nothing = {"q": "ถ้อยคำที่ไม่มีในหนังสือใด"}
    for who in (OFFICER, BOUND, CHIEF):
        client = desk.signed_in(who)
        told = plain(client.get("/search", params=asked).text)
        assert SECRET not in told.replace(asked["q"], "")
        assert entry.id not in told
        assert "ไม่พบหนังสือ" in told
        assert "tag red" not in client.get("/search", params=asked).text
        searched = re.compile(r"ของหนังสือ ([๐-๙,]+) ฉบับแล้ว")
        other = plain(client.get("/search", params=nothing).text)
        assert searched.search(told)[1] == searched.search(other)[1]
