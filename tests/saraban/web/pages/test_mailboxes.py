"""What was seen in the office's mailboxes, as officers see to it."""

from dataclasses import replace

import pytest

from gateway.settings import CollectorSettings
from registry import directory, sightings
from registry.sightings import Kind, Sighting
from tests.saraban.office import OFFICER
from tests.saraban.web.axe import serious

BOX = "saraban@phrae.go.th"


def see(desk, code: str, **more) -> int:
    """Let the collector have seen a letter in Junk."""
    runtime = desk.office.runtime()
    with runtime.database.write() as session:
        entity = directory.entity_by_code(session, code)
        seen = Sighting(BOX, entity.id, "Junk", Kind.JUNK, f"<1@{code}>", runtime.clock.now())
        made = sightings.keep(session, replace(seen, **more))
    runtime.close()
    assert made is not None
    return made


@pytest.fixture
def letter(desk):
    """A letter of the department that fell into Junk."""
    return see(desk, "phrae", sender="saraban@dla.go.th", subject="ขอเชิญประชุม")


def settled(desk) -> list[tuple[int, str]]:
    runtime = desk.office.runtime()
    with runtime.database.read() as session:
        found = [(one.id, one.settled_by) for one in sightings.listing(session, settled=True)]
    runtime.close()
    return found


def test_what_was_seen_is_told_with_what_to_do_about_it(desk, letter):
    html = desk.signed_in().get("/mailboxes").text
    for words in ("อยู่ในกล่องสแปม", "saraban@dla.go.th", "Junk", BOX):
        assert words in html
    assert f"/mailboxes/{letter}/settle" in html


def test_an_officer_closes_it_in_their_own_name(desk, letter):
    client = desk.signed_in()
    desk.post(client, f"/mailboxes/{letter}/settle")
    assert settled(desk) == [(letter, OFFICER)]
    assert "ไม่มีสิ่งที่ต้องดู" in client.get("/mailboxes").text


def test_the_mailboxes_of_another_office_are_not_there(desk):
    others = see(desk, "dla", subject="ของกรม")
    client = desk.signed_in()
    assert "ของกรม" not in client.get("/mailboxes").text
    assert desk.post(client, f"/mailboxes/{others}/settle").status_code == 404
    assert settled(desk) == []


def test_an_auditor_reads_no_mailbox(desk, letter):
    client = desk.signed_in("auditor@phrae.go.th")
    assert client.get("/mailboxes").status_code == 403


def test_the_menu_leads_there_where_mailboxes_are_collected_from(desk):
    client = desk.signed_in()
    assert 'href="/mailboxes"' not in client.get("/inbox").text
    desk.runtime.gateway = replace(desk.runtime.gateway, collector=(CollectorSettings(),))
    assert 'href="/mailboxes"' in client.get("/inbox").text


def test_the_page_is_fit_for_everybody(desk, letter, page):
    page.goto("/mailboxes")
    assert serious(page) == []
