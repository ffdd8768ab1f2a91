"""In words: who vouches for the sender of a letter, and what to do when nobody does."""

import pytest

from registry.letter.message import Check, Means, Trust
from registry.letter.vouched import ASK, FORGED, in_words, refused_by_owner, what_to_do

PHRAE, EVIL = "phrae.go.th", "evil.example"


def words(means: Means, *checks: Check, detail: str = "", signed_in: str = "") -> str:
    domain = "" if means is Means.NONE else PHRAE
    return in_words(Trust(means, domain, detail, signed_in, checks).as_dict())


@pytest.mark.parametrize(
    ("means", "said"),
    [
        (Means.HOSTED, "ส่งจากหน่วยงานที่ใช้ระบบนี้"),
        (Means.TRUSTED_NETWORK, "ส่งผ่านเครื่องที่ตั้งไว้ให้เชื่อถือ"),
        (Means.DKIM, f"ลายเซ็น DKIM ของ {PHRAE} ถูกต้อง"),
        (Means.SPF, f"ส่งจากเครื่องที่ {PHRAE} อนุญาต (SPF)"),
    ],
)
def test_a_proven_sender_is_told_with_what_proved_it(means, said):
    assert words(means) == f"ยืนยันผู้ส่งแล้ว: {said}"
    assert what_to_do(Trust(means).as_dict()) == ""


def test_every_means_has_words():
    for means in Means:
        assert len(words(means)) > len("ยืนยันผู้ส่งแล้ว: ")


def test_the_clerk_who_signed_in_and_the_sealer_are_named():
    assert "somsri@phrae.go.th ลงชื่อเข้าใช้" in words(Means.SIGNED_IN, signed_in="somsri@phrae.go.th")
    sealed = words(Means.ARC, Check("arc", "pass", "lists.example"), Check("dmarc", "fail", PHRAE))
    assert "lists.example ซึ่งตั้งไว้ให้เชื่อถือ ตรวจแล้วว่าส่งจาก phrae.go.th" in sealed


def test_the_mailboxs_own_server_is_named():
    said = words(Means.DKIM, Check("dkim", "pass", PHRAE, "as mx.mail.go.th says"))
    assert said == f"ยืนยันผู้ส่งแล้ว: เครื่องของตู้จดหมาย (mx.mail.go.th) ตรวจแล้วว่าส่งจาก {PHRAE}"


@pytest.mark.parametrize(
    ("check", "said"),
    [
        (Check("dkim", "fail", PHRAE), "ถูกแก้ระหว่างทางหรือปลอมขึ้น"),
        (Check("dkim", "policy", PHRAE), "ไม่รัดกุมพอ"),
        (Check("dkim", "permerror", PHRAE), "ใช้ไม่ได้"),
        (Check("dkim", "temperror", PHRAE), "DNS ของ phrae.go.th ไม่ตอบ"),
        (Check("dkim", "pass", EVIL), "ลายเซ็น DKIM เป็นของ evil.example ซึ่งไม่ใช่โดเมนของผู้ส่ง"),
        (Check("spf", "fail", PHRAE), "ไม่ใช่เครื่องที่ phrae.go.th อนุญาต"),
        (Check("spf", "softfail", PHRAE), "ไม่อยู่ในรายการเครื่องของ phrae.go.th"),
        (Check("spf", "neutral", PHRAE), "ไม่ยืนยันว่าเครื่องที่ส่งเป็นของตน"),
        (Check("spf", "none", PHRAE), "ไม่ได้ประกาศว่าเครื่องใดส่งแทนได้"),
        (Check("spf", "permerror", PHRAE), "เขียนผิด"),
        (Check("spf", "pass", EVIL), "เป็นของ evil.example ซึ่งไม่ใช่โดเมนของผู้ส่ง"),
        (Check("arc", "none", "lists.example"), "ไม่ได้ตั้งไว้ให้เชื่อถือ"),
        (Check("arc", "fail", "lists.example"), "ไม่ถูกต้อง"),
        (Check("dmarc", "none", PHRAE), "ไม่มีลายเซ็น DKIM ของ phrae.go.th"),
    ],
)
def test_an_unproven_sender_is_told_with_each_reason(check, said):
    text = words(Means.NONE, check)
    assert text.startswith("ยังยืนยันผู้ส่งไม่ได้: ")
    assert said in text


@pytest.mark.parametrize(
    ("detail", "said"),
    [
        ("subject stands twice", "หัวจดหมายมี subject ซ้ำกัน"),
        ("DNS did not answer: x", "DNS ไม่ตอบ"),
        ("x; Authentication-Results forged in our name", "ปลอมในชื่อระบบของเรา"),
        ("no single From address", "ไม่มีหลักฐาน"),
    ],
)
def test_what_was_seen_before_any_check_is_told_too(detail, said):
    assert said in words(Means.NONE, detail=detail)


def test_an_unproven_sender_is_to_be_asked_by_a_number_known_before():
    assert what_to_do(Trust().as_dict()) == ASK


@pytest.mark.parametrize(
    ("detail", "refused"),
    [(f"p=reject at {PHRAE}", PHRAE), (f"p=reject t=y at {PHRAE}", ""), ("p=quarantine at x", "")],
)
def test_a_published_reject_is_obeyed_unless_it_is_under_test(detail, refused):
    trust = Trust(checks=(Check("dmarc", "fail", PHRAE, detail),)).as_dict()
    assert refused_by_owner(trust) == refused
    assert what_to_do(trust) == (FORGED if refused else ASK)
    assert ("ประกาศไม่ให้รับ" in in_words(trust)) is bool(refused)


def test_a_reject_does_not_matter_where_a_sealer_vouches():
    checks = (Check("arc", "pass", "x"), Check("dmarc", "fail", PHRAE, f"p=reject at {PHRAE}"))
    assert refused_by_owner(Trust(Means.ARC, PHRAE, checks=checks).as_dict()) == ""


def test_a_letter_without_a_verdict_says_nothing():
    assert in_words({}) == what_to_do({}) == ""
    old = {"means": "none", "domain": "", "detail": "", "signed_in": ""}  # before there were checks
    assert in_words(old) == "ยังยืนยันผู้ส่งไม่ได้: ไม่มีหลักฐานว่าส่งจากที่นั่นจริง"
