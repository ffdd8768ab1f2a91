"""The download page: looking spends nothing, a broken download goes on, and each is evidence."""

import hashlib
from datetime import timedelta

import pytest

from registry import links
from registry.models.letters import LetterRow
from tests.gateway.links.conftest import BIG, Served


def evidence(served: Served) -> list[links.LinkView]:
    with served.runtime.database.read() as session:
        return links.downloads(session, served.letter_id)


async def address_of_file(served: Served) -> str:
    page = served.page()
    answer = await served.client.post(f"{page}/{served.files()[0].id}")
    assert answer.status_code == 303
    return answer.headers["location"]


async def test_the_page_names_the_files_and_escapes_what_strangers_wrote(served):
    answer = await served.client.get(served.page())
    assert answer.status_code == 200
    assert "แนวทางการปรับปรุงคู่มือฯ.pdf" in answer.text
    assert "&lt;b&gt;คู่มือ&lt;/b&gt;" in answer.text
    assert hashlib.sha256(BIG).hexdigest() in answer.text


async def test_looking_at_the_page_spends_nothing(served):
    page = served.page()
    for _ in range(3):
        assert (await served.client.get(page)).status_code == 200
        assert (await served.client.get(f"{page}/{served.files()[0].id}")).status_code == 200
    assert evidence(served) == []


async def test_a_post_leads_to_the_file_byte_for_byte_and_is_evidence(served):
    answer = await served.client.get(await address_of_file(served), headers={"User-Agent": "curl"})
    assert answer.content == BIG
    assert answer.headers["etag"] == f'"{hashlib.sha256(BIG).hexdigest()}"'
    [download] = evidence(served)
    assert (download.to_address, download.agent) == ("saraban@dla.go.th", "curl")


async def test_the_thai_name_stands_in_both_forms(served):
    answer = await served.client.get(await address_of_file(served))
    disposition = answer.headers["content-disposition"]
    assert disposition.startswith('attachment; filename="file.pdf"; filename*=UTF-8')
    assert "%E0%B9%81%E0%B8%99%E0%B8%A7" in disposition


async def test_a_broken_download_goes_on_and_is_not_counted_twice(served):
    address = await address_of_file(served)
    first = await served.client.get(address, headers={"Range": "bytes=0-99999"})
    rest = await served.client.get(
        address, headers={"Range": "bytes=100000-", "If-Range": first.headers["etag"]}
    )
    assert (first.status_code, rest.status_code) == (206, 206)
    assert first.content + rest.content == BIG
    assert len(evidence(served)) == 1


@pytest.mark.parametrize("asked", ["bytes=1-", "Bytes = 0-", "bytes=-900000", "bytes=0-1,9-99999"])
async def test_nobody_reads_a_file_unseen_by_leaving_its_first_byte_out(served, asked):
    await served.client.get(await address_of_file(served), headers={"Range": asked})
    assert len(evidence(served)) == 1


async def test_an_address_of_a_file_is_good_for_half_a_day_only(served):
    address = await address_of_file(served)
    served.clock.advance(timedelta(hours=12, seconds=1))
    assert (await served.client.get(address)).status_code == 404


async def test_a_changed_address_leads_nowhere(served):
    address = await address_of_file(served)
    other = address[:-1] + ("a" if address[-1] != "a" else "b")
    assert (await served.client.get(other)).status_code == 404
    assert (await served.client.get("/l/" + "a" * 26)).status_code == 404
    assert (await served.client.get("/f/..%2f..%2fetc%2fpasswd")).status_code == 404


async def test_a_page_that_has_expired_says_whom_to_ask(served):
    page = served.page()
    served.clock.advance(timedelta(days=31))
    answer = await served.client.get(page)
    assert answer.status_code == 410
    assert "saraban@phrae.go.th" in answer.text


async def test_a_revoked_page_closes_its_file_addresses_too(served):
    address = await address_of_file(served)
    with served.runtime.database.write() as session:
        token = served.page().rpartition("/")[2]
        view = links.open_link(session, token, served.clock.now())
        assert view is not None
        links.revoke(session, view.id, at=served.clock.now(), by="officer@phrae.go.th")
    assert (await served.client.get(address)).status_code == 404


async def test_nothing_may_be_loaded_from_elsewhere_nor_told_to_others(served):
    answer = await served.client.get(served.page())
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert (await served.client.get("/static/links.css")).status_code == 200
    assert "http" not in answer.text.replace("https://", "http://").split("<body>")[0]


async def test_a_withheld_file_is_named_with_the_reason_and_given_to_nobody(served):
    """Neither the page nor an address signed before gives it, and nothing counts as picked up."""
    address, page = await address_of_file(served), served.page()
    with served.runtime.database.write() as session:
        session.get_one(LetterRow, served.letter_id).scan = "not_scanned"
    shown = await served.client.get(page)
    assert "ยังไม่ผ่านการตรวจไวรัส" in shown.text
    assert "<button" not in shown.text
    for answer in (
        await served.client.post(f"{page}/{served.files()[0].id}"),
        await served.client.get(address),
    ):
        assert answer.status_code == 403
        assert "ยังดาวน์โหลดไฟล์นี้ไม่ได้" in answer.text
    assert evidence(served) == []
    with served.runtime.database.write() as session:
        session.get_one(LetterRow, served.letter_id).scan = "cleared"
    assert (await served.client.get(address)).content == BIG
