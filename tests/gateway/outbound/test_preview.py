"""What an officer is shown before a letter leaves is what its receivers get."""

from dataclasses import replace

import pytest

from gateway.outbound.draft import Tools
from gateway.outbound.preview import previews
from gateway.settings import RelaySettings
from registry.models.letters import LetterRow
from tests.gateway.outbound.office import plain

MB = 1_000_000


@pytest.fixture
def preview(office):
    """Preview these jobs, with a relay set."""
    office.configure(relay=(RelaySettings(host="127.0.0.1", port=1, tls="none"),))

    def show(*job_ids):
        runtime = office.runtime
        tools = Tools(runtime.office, runtime.gateway, runtime.keys, office.blobs)
        jobs = [office.get(one) for one in job_ids]
        with office.database.read() as session:
            return previews(session, tools, jobs)

    return show


def test_a_mail_is_shown_word_for_word_and_byte_for_byte(office, preview):
    job = office.send()
    composed, message = office.compose(job)
    (shown,) = preview(job)
    assert (shown.way, shown.size, shown.fits) == ("mail", composed.size, True)
    assert shown.subject == message["Subject"]
    assert shown.text == plain(message)


def test_files_over_the_limit_are_shown_as_links_and_no_page_is_made(office, preview):
    job = office.send(files={"หนังสือ.pdf": b"%PDF", "ภาพ.pdf": b"x" * (26 * MB)})
    (shown,) = preview(job)
    assert [row.by_link for row in shown.rows] == [False, True]
    assert shown.until is not None
    assert "https://files.phrae.example/l/…" in shown.text
    composed, _ = office.compose(job)
    assert composed.by_link == 1
    assert abs(shown.size - composed.size) < 200  # the picture of the address


def test_an_entity_hosted_here_gets_every_file_whatever_its_size(office, preview):
    job = office.send(
        "saraban@town.example", {"หนังสือ.pdf": b"x" * (26 * MB)}, to_name="เทศบาลเมืองแพร่"
    )
    (shown,) = preview(job)
    assert (shown.way, shown.until, shown.fits) == ("here", None, True)
    assert [row.by_link for row in shown.rows] == [False]


@pytest.mark.usefixtures("preview")
def test_receivers_that_get_the_same_are_shown_together(office):
    first = office.get(office.send())
    second = replace(first, id="second", to_address="somsak@example.com", delivery_id=None)
    tools = Tools(office.runtime.office, office.runtime.gateway, office.runtime.keys, office.blobs)
    with office.database.read() as session:
        (shown,) = previews(session, tools, [first, second])
    assert [one.address for one in shown.receivers] == ["saraban@dla.example", "somsak@example.com"]


def test_what_another_server_takes_is_minded(office, preview):
    office.takes(office.dla, 100_000)
    small = office.send(files={"หนังสือ.pdf": b"x" * 200_000})
    (shown,) = preview(small)
    assert (shown.most, [row.by_link for row in shown.rows]) == (100_000, [True])


def test_without_a_relay_nothing_would_leave(office, preview):
    office.configure(relay=())
    assert [one.way for one in preview(office.send())] == ["none"]


def test_another_installation_is_known_by_its_letters(office, preview):
    with office.database.write() as session:
        row = office.letter(session, "in", {}, from_entity_id=office.dla.id)
        row.facts = {"installation": True}
    assert [one.way for one in preview(office.send())] == ["installation"]


def test_who_gets_a_copy_reads_to_whom_the_letter_went(office):
    there = [
        {"address": "saraban@dla.example", "name": "กรมส่งเสริมฯ"},
        {"address": "saraban@town.example", "name": "เทศบาลเมืองแพร่", "copy": True},
    ]
    texts = []
    for to, name in (("saraban@dla.example", "กรมส่งเสริมฯ"), ("saraban@town.example", "เทศบาล")):
        job = office.send(to, to_name=name)
        with office.database.write() as session:
            row = session.get_one(LetterRow, office.get(job).letter_id)
            row.facts = {**row.facts, "addressees": there}
        texts.append(plain(office.compose(job)[1]))
    assert all("ถึง  กรมส่งเสริมฯ\nสำเนาส่ง  เทศบาลเมืองแพร่\n" in text for text in texts)
