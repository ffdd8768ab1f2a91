"""Changing what stands in the directory, and the pages of large files."""

import pytest

from tests.saraban.office import DLA, OFFICER


def shown(office, code="phrae"):
    return office.data("entity", "show", code)


def test_an_entity_is_changed_where_it_is_named_and_nowhere_else(office):
    office.run(
        "entity",
        "edit",
        "dla",
        "--name",
        "สถ.",
        "--no-tags",
        "--domain",
        "DLA.go.th",
        "--by",
        OFFICER,
    )
    found = shown(office, "dla")
    assert (found["name"], found["knows_tags"], found["domains"]) == ("สถ.", False, ["dla.go.th"])
    assert found["central_address"] == DLA
    assert "ไม่พบหน่วยงาน" in office.run("entity", "edit", "nobody", "--name", "ก", code=1).stderr


def test_two_entities_never_share_an_address(office):
    refused = office.run("entity", "edit", "phrae", "--address", DLA, code=1)
    assert "ที่อยู่นี้เป็นของหน่วยงานอื่น" in refused.stderr


def test_a_unit_is_changed(office):
    office.run(
        "unit",
        "edit",
        "local",
        "--name",
        "ท้องถิ่น",
        "--box",
        "new@phrae.go.th",
        "--delivery",
        "notice",
    )
    [one] = office.data("unit", "list")
    assert (one["name"], one["boxes"], one["delivery"]) == ("ท้องถิ่น", ["new@phrae.go.th"], "notice")
    office.run("unit", "edit", "local", "--no-boxes")
    assert office.data("unit", "list")[0]["boxes"] == []


def test_a_unit_is_removed_once_nothing_names_it(office):
    office.run("unit", "add", "fin", "--name", "การเงิน")
    office.run("route", "add", "words", "งบประมาณ", "fin")
    office.run("route", "add", "words", "คู่มือ", "local")
    assert "มีกฎส่งหนังสือให้" in office.run("unit", "remove", "fin", code=1).stderr
    office.run("route", "remove", "1")
    assert [(r["position"], r["unit"]) for r in office.data("route", "list")] == [(1, "local")]
    office.run("route", "remove", "7", code=1)
    office.run("unit", "remove", "fin")
    assert [one["code"] for one in office.data("unit", "list")] == ["local"]
    assert "หน่วยงานรับทั่วไป" in office.run("unit", "remove", "local", code=1).stderr


def test_members_join_and_leave_a_group(office):
    office.run("entity", "group", "all", "--member", "dla")
    office.run("entity", "edit-group", "all", "--name", "ทุกแห่ง", "--add", "local", "--drop", "dla")
    [group] = shown(office)["groups"]
    assert (group["name"], group["members"]) == ("ทุกแห่ง", ["local"])
    office.run("entity", "edit-group", "all", "--drop", "local", code=1)
    office.run("entity", "edit-group", "all", "--drop", "dla", code=1)
    office.run("entity", "edit-group", "all", "--add", "nobody", code=1)
    office.run("entity", "edit-group", "all", "--remove")
    assert shown(office)["groups"] == []


@pytest.fixture
def page(office):
    """A page onto which somebody lays files for a letter; its letter and its address."""
    office.receive()
    letter = office.received()[0]["id"]
    return letter, office.run("letter", "upload-link", letter, "--to", DLA).stdout.strip()


def test_a_page_is_listed_closed_and_issued_anew(office, page):
    letter, address = page
    [one] = office.data("link", "list", letter)
    assert (one["kind"], one["state"], one["to"]) == ("upload", "open", DLA)
    office.run("link", "revoke", one["id"], "--by", OFFICER)
    assert "ยกเลิกแล้ว" in office.run("link", "list", letter).stdout
    fresh = office.run("link", "reissue", one["id"], "--by", OFFICER).stdout.strip()
    assert fresh != address
    assert "/u/" in fresh
    assert office.data("link", "list", letter)[0]["generation"] == 2
    assert "ไม่พบลิงก์นี้" in office.run("link", "revoke", "0123456789abcdef", code=1).stderr
