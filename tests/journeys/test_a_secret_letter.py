"""A marking that stands on the paper alone: from the door to the secret book, files encrypted."""

import os
import signal
from contextlib import contextmanager
from datetime import timedelta

import httpx
import pytest

from registry import directory
from registry.accounts import api_tokens, sessions
from registry.accounts.api_tokens import Scope
from registry.clock import SystemClock
from registry.models.secrets import SecretLetterRow
from registry.secret import letters as secret_letters
from tests.journeys.installation import Installation, mail
from tests.registry.pdf.test_first_page import HEAD, paper
from tests.saraban.web.desk import Reader
from tests.saraban.web.pages.test_inbox import form_of
from tests.saraban.web.test_reach import plain

DLA, PHRAE = "saraban@dla.go.th", "saraban@phrae.go.th"
OFFICER, CLEARED = "officer@phrae.go.th", "secret@phrae.go.th"
CANARY, ORDINARY, LATER = "pipflower", "riceharvest", "floodreport"


@pytest.fixture
def office(office: Installation) -> Installation:
    """The same office with an officer of secret letters, and its pages."""
    office.add_officer(CLEARED, role="secret-officer")
    office.settings("web", listen="127.0.0.1:0")
    return office


def letter(folder, word: str, *lines: str):
    """Write a mail that says the word everywhere; its PDF has these lines above the head."""
    path, *_ = paper(folder, [*lines, *HEAD, word], name=f"{word}.pdf")
    message = mail(f"กรมส่งเสริมการปกครองท้องถิ่น <{DLA}>", PHRAE, f"About {word}", f"{word}\n")
    data = path.read_bytes() + f"%{word}\n".encode()
    message.add_attachment(data, maintype="application", subtype="pdf", filename=path.name)
    return message


@contextmanager
def pages(office: Installation, email: str):
    """Give a browser in which this officer is signed in."""
    now = SystemClock().now()
    with office.writing() as session:
        who = directory.officer_by_email(session, email)
        token = sessions.begin(session, who.id, at=now, life=timedelta(hours=1), complete=True)
    with Reader(base_url=f"http://127.0.0.1:{office.ports['web']}", timeout=30) as client:
        client.cookies.set("saraban", token)
        yield client


@contextmanager
def program(office: Installation):
    """Give a program that acts for the officer who is not cleared."""
    with office.writing() as session:
        own = directory.entity_by_code(session, "phrae")
        _, token = api_tokens.issue(
            session, own, "plans", (Scope.READ,), officer=OFFICER, by="admin",
            at=SystemClock().now(),
        )  # fmt: skip
    url = f"http://127.0.0.1:{office.ports['web']}/api/v1"
    with httpx.Client(
        base_url=url, timeout=30, headers={"Authorization": f"Bearer {token}"}
    ) as client:
        yield client


def files_with(office: Installation, word: str) -> set[str]:
    """Give the files of the installation in which a word stands, but for the database."""
    found = (path for path in office.folder.rglob("*") if path.is_file())
    return {
        str(path.relative_to(office.folder))
        for path in found
        if not path.name.startswith("saraban.db") and word.encode() in _bytes(path)
    }


def _bytes(path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:  # the service tidies up beside us
        return b""


def let_ten_minutes_pass(office: Installation, letter_id: str) -> None:
    """Make a mail's pack old enough to be parted, once the finder has left it for later."""

    def is_left() -> bool:
        with office.reading() as session:
            row = session.get(SecretLetterRow, letter_id)
            return row.done_at is not None or row.since > SystemClock().now()

    office.wait(is_left)
    for path in office.folder.glob("blobs/??/*"):
        os.utime(path, (1, 1))
    with office.writing() as session:
        secret_letters.put_off(session, letter_id, SystemClock().now())


def test_it_takes_no_ordinary_number_and_is_seen_and_read_by_its_officer_alone(
    office, tmp_path, monkeypatch
):
    with office.serving("smtp,worker,web"):
        office.send(letter(tmp_path, ORDINARY), DLA, PHRAE)
        office.wait(lambda: office.entries("received"))
        office.send(letter(tmp_path, CANARY, "ลับมาก"), DLA, PHRAE)
        office.wait(lambda: "secret" in office.letter_states())
        [held] = office.waiting()
        assert held.secrecy == "ลับมาก"

        with pages(office, OFFICER) as other, program(office) as api:
            office.wait(lambda: is_found(other, ORDINARY))
            for path in ("/inbox", f"/inbox/{held.id}", f"/letters/{held.id}"):
                assert CANARY not in other.get(path).text
            assert not is_found(other, CANARY)
            assert api.get("/search", params={"q": ORDINARY}).json()["items"]
            assert api.get("/search", params={"q": CANARY}).json()["items"] == []
            assert api.get(f"/letters/{held.id}").status_code == 404
            assert CANARY not in api.get("/letters").text

        with pages(office, CLEARED) as own:
            press(own, f"/inbox/{held.id}", f"/letters/{held.id}/open")
            assert f"About {CANARY}" in own.get(f"/letters/{held.id}").text
            done = press(own, f"/letters/{held.id}", f"/letters/{held.id}/register",
                         subject=f"About {CANARY}", secrecy="ลับมาก")  # fmt: skip
            assert done.status_code == 303
        office.send(letter(tmp_path, LATER), DLA, PHRAE)
        office.wait(lambda: len(office.entries("received")) == 3)
        let_ten_minutes_pass(office, held.id)
        office.wait(lambda: not files_with(office, CANARY))

        lines = [(one.series, one.number, one.secrecy) for one in office.entries("received")]
        assert sorted(lines) == [
            ("ordinary", 1, None), ("ordinary", 2, None), ("secret", 1, "ลับมาก"),
        ]  # fmt: skip
        [entry] = [one for one in office.entries("received") if one.series == "secret"]
        with pages(office, OFFICER) as other, program(office) as api:
            assert CANARY not in other.get(f"/entries/{entry.id}").text
            assert CANARY not in api.get(f"/entries/{entry.id}").text
        with pages(office, CLEARED) as own:
            assert f"About {CANARY}" in own.get(f"/entries/{entry.id}").text
            file = own.get(f"/letters/{held.id}/files/{held.enclosures[0].id}")
            assert file.content.endswith(f"%{CANARY}\n".encode())
    assert files_with(office, ORDINARY)
    assert not files_with(office, CANARY)
    assert list(office.folder.glob("blobs/sealed/??/*"))
    before = office.data("secret", "status")
    monkeypatch.setenv("SARABAN_FAULT", "rewrap_done")
    assert office.run("secret", "rotate", ok=False).returncode == -signal.SIGKILL
    monkeypatch.delenv("SARABAN_FAULT")
    office.run("secret", "rotate", "--go-on")
    after = office.data("secret", "status")
    assert (after["due"], after["current"] in before["keys"]) == (0, False)
    assert after["keys"] == {after["current"]: sum(before["keys"].values())}
    assert office.run("proof").returncode == 0


def is_found(client: httpx.Client, word: str) -> bool:
    """Say whether the page of search lists the letter; its box repeats the word in any case."""
    return f"About {word}" in plain(client.get(f"/search?q={word}").text)


def press(client: httpx.Client, page: str, action: str, **fields: str) -> httpx.Response:
    """Send one of the forms of a page."""
    return client.post(action, data=form_of(client.get(page).text, action) | fields)
