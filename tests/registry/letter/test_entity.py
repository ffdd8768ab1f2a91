"""Entities, units, officers and their codes."""

from dataclasses import FrozenInstanceError

import pytest

from registry.errors import NotUnderstood
from registry.letter.entity import LegalEntity, Officer, Role, Unit


def entity(code="phrae"):
    return LegalEntity(
        id=1,
        code=code,
        name="จังหวัดแพร่",
        central_address="saraban@phrae.go.th",
        domains=("phrae.go.th",),
        letter_code="พร 0023",
        hosted=True,
        max_message_bytes=25_000_000,
        knows_tags=True,
        separate_circulars=False,
    )


def unit(code="local"):
    return Unit(
        id=1,
        entity_code="phrae",
        code=code,
        name="ท้องถิ่นจังหวัด",
        boxes=("local@phrae.go.th",),
        delivery="full",
        letter_code="พร 0023.3",
        keeps_books=False,
    )


@pytest.mark.parametrize(
    "code", ["phrae", "DLA", "กค", "ที่ดิน", "0023.3", "moi-08", "a_b", "rb", "numbers"]
)
def test_a_code_may_be_thai_or_latin(code):
    assert entity(code).code == unit(code).code == code


@pytest.mark.parametrize(
    "code", ["", "a b", "a+b", "a@b", "a/b", "r-abc", "B-xyz", "number", "NUMBER", "x" * 41, "a\n"]
)
def test_a_code_never_looks_like_a_token_or_breaks_an_address(code):
    with pytest.raises(NotUnderstood) as refused:
        entity(code)
    assert refused.value.text == code
    with pytest.raises(NotUnderstood):
        unit(code)


def test_every_role_has_its_word():
    assert [role.thai for role in Role] == [
        "เจ้าหน้าที่",
        "เจ้าหน้าที่สารบรรณ",
        "นายทะเบียนข้อมูลข่าวสารลับ",
        "ผู้ตรวจสอบ",
        "ผู้ดูแลระบบ",
    ]


def test_an_officer_is_a_fact_that_nobody_changes_in_passing():
    officer = Officer(1, "somsri@phrae.go.th", "phrae", "local", "สมศรี", Role.CLERK, disabled=False)
    with pytest.raises(FrozenInstanceError):
        officer.role = Role.ADMIN
