"""Officers, units and routing rules by command."""

import pytest

from registry.accounts.passwords import verify_password
from tests.saraban.office import CLERK, OFFICER


def may_sign_in(office, email, password):
    runtime = office.runtime()
    with runtime.database.read() as session:
        found = verify_password(session, email, password)
    runtime.close()
    return found is not None


def test_an_officer_is_added_with_a_password_from_standard_input(office):
    office.run(
        "officer", "add", "new@phrae.go.th", "--entity", "phrae", "--role", "auditor",
        "--password-stdin", stdin="correct horse\n",
    )  # fmt: skip
    assert may_sign_in(office, "new@phrae.go.th", "correct horse")
    assert "ผู้ตรวจสอบ" in office.run("officer", "list").stdout


def test_an_officer_with_a_bad_password_is_not_added_at_all(office):
    office.run("officer", "add", "new@phrae.go.th", "--password-stdin", stdin="short\n", code=2)
    assert "new@phrae.go.th" not in office.run("officer", "list").stdout


def test_there_is_no_other_role_than_those_five(office):
    done = office.run("officer", "add", "a@phrae.go.th", "--role", "king", code=2)
    assert all(word in done.stderr for word in ("clerk", "officer", "secret-officer", "admin"))


def test_a_new_password_replaces_the_old_one(office):
    for password in ("first password", "second password"):
        office.run("officer", "passwd", CLERK, "--password-stdin", stdin=f"{password}\n")
    assert not may_sign_in(office, CLERK, "first password")
    assert may_sign_in(office, CLERK, "second password")


def test_a_disabled_officer_stays_listed_and_acts_no_more(office):
    office.run("officer", "disable", OFFICER)
    assert "พ้นหน้าที่" in office.run("officer", "list", "--entity", "phrae").stdout
    office.run("number", "reserve", "--by", OFFICER, code=1)


def test_an_officer_whose_term_is_over_acts_no_more(office):
    """Nor before the service has noticed it, which may not even run."""
    office.run("officer", "edit", OFFICER, "--ends", "30/9/2560")
    assert not office.data("officer", "list", "--entity", "phrae")[0]["disabled"]
    done = office.run("number", "reserve", "--by", OFFICER, code=1)
    assert f"{OFFICER} พ้นหน้าที่แล้ว" in done.stderr
    office.run("officer", "edit", OFFICER, "--ends", "")
    office.run("number", "reserve", "--by", OFFICER)


def test_whoever_is_named_as_acting_must_be_known(office):
    done = office.run("officer", "disable", OFFICER, "--by", "nobody@phrae.go.th", code=1)
    assert "nobody@phrae.go.th" in done.stderr
    assert not office.data("officer", "list")[0]["disabled"]


def test_an_officer_is_changed_and_brought_back(office):
    office.run("officer", "edit", CLERK, "--role", "officer", "--name", "สมใจ", "--unit", "local")
    office.run("officer", "disable", CLERK)
    office.run("officer", "enable", CLERK)
    [found] = [one for one in office.data("officer", "list") if one["email"] == CLERK]
    told = (found["role"], found["name"], found["unit_code"], found["disabled"])
    assert told == ("officer", "สมใจ", "local", False)
    office.run("officer", "edit", CLERK, "--unit", "nowhere", code=1)
    office.run("officer", "edit", "nobody@phrae.go.th", "--name", "x", code=1)


def test_a_term_that_is_over_bars_the_way_back_until_it_is_taken_away(office):
    office.run("officer", "edit", CLERK, "--ends", "30/9/2560")
    office.run("officer", "disable", CLERK)
    office.run("officer", "enable", CLERK, code=1)
    office.run("officer", "edit", CLERK, "--ends", "")
    office.run("officer", "enable", CLERK)


def test_a_deputy_is_appointed_listed_and_ended(office):
    office.run("officer", "deputy", OFFICER, CLERK, "--to", "31/12/2650")
    assert CLERK in office.run("officer", "deputy", OFFICER).stdout
    office.run("officer", "deputy", OFFICER, CLERK, "--to", "1/1/2500", code=2)
    office.run("officer", "deputy", OFFICER, CLERK, code=2)
    office.run("officer", "deputy", OFFICER, "--end")
    assert "ไม่มีผู้ปฏิบัติแทน" in office.run("officer", "deputy", OFFICER).stdout


def test_whoever_lost_a_telephone_is_signed_out_everywhere(office):
    done = office.run("officer", "sign-out", OFFICER, "--lost-telephone")
    assert "๐ เครื่อง" in done.stderr


def test_rules_are_changed_and_change_places(office):
    for words in ("น้ำท่วม", "ประชุม"):
        office.run("route", "add", "words", words, "local")
    office.run("route", "move", "1", "2")
    office.run("route", "edit", "1", "sender", "dla", "local")
    found = office.data("route", "list")
    assert [(one["kind"], one["pattern"]) for one in found[:2]] == [
        ("sender", "dla"), ("words", "น้ำท่วม")
    ]  # fmt: skip
    office.run("route", "move", "1", "99", code=1)


def test_the_default_unit_is_marked_in_the_list(office):
    done = office.run("unit", "list")
    assert "local*" in done.stdout
    assert "* รับหนังสือที่ไม่เข้ากฎข้อใด" in done.stderr


def test_a_unit_lists_its_boxes_as_json(office):
    office.run("unit", "add", "fin", "--name", "คลัง", "--box", "a@phrae.go.th", "--box", "b@x.th")
    found = {one["code"]: one["boxes"] for one in office.data("unit", "list")}
    assert found["fin"] == ["a@phrae.go.th", "b@x.th"]


def test_a_rule_is_tried_on_a_letter_without_sending_anything(office):
    office.run("unit", "add", "plan", "--name", "แผน", "--box", "plan@phrae.go.th")
    office.receive(subject="คู่มือประชาชน")
    before = office.data("queue", "list", "--all")
    office.run("route", "add", "words", "คู่มือ", "plan")
    [hit] = office.data("route", "test", "รับ/1/" + str(office.received()[0]["year"]))
    assert hit["unit"] == "plan"
    assert "คู่มือ" in hit["why"]
    assert office.data("queue", "list", "--all") == before


def test_rules_are_listed_in_the_order_in_which_they_are_tried(office):
    office.run("route", "add", "words", "เงิน", "local")
    office.run("route", "add", "sender", "dla", "local")
    assert [(r["position"], r["kind"]) for r in office.data("route", "list")] == [
        (1, "words"),
        (2, "sender"),
    ]


@pytest.mark.parametrize("rule", [("words", "x", "nowhere", 1), ("colour", "x", "local", 2)])
def test_a_rule_that_cannot_work_is_refused(office, rule):
    office.run("route", "add", *rule[:3], code=rule[3])
    assert office.data("route", "list") == []


def test_an_empty_pattern_is_wrong_usage(office):
    office.run("route", "add", "words", " ", "local", code=2)
