"""Which of the letters that one mail brings is meant."""

from registry.letter.page import Page
from registry.paper.choose import Leaf, Paper, read_papers
from tests.registry.paper.pages import TAB, with_line

_FIRST, _SECOND = "มท 0810.7/ว 3974", "มท 0810.3/3780"


def _numbered(number: str) -> Page:
    return with_line(0, f"ที่ {number}")


def _read(*pages: Page, said: str = "") -> Paper:
    leaves = [Leaf(f"{at}", (one,), first=at == 0) for at, one in enumerate(pages)]
    return read_papers(leaves, said)[0]


def _believed(paper: Paper, name: str) -> bool:
    return next(one.believed for one in paper.fields if one.name == name)


def test_the_letter_whose_number_the_mail_says_is_meant() -> None:
    found = _read(_numbered(_FIRST), _numbered(_SECOND), said=_SECOND)
    assert found.value("number") == _SECOND
    assert _believed(found, "number")


def test_of_two_whole_letters_of_which_nothing_is_said_neither_is_believed() -> None:
    found = _read(_numbered(_SECOND), _numbered(_FIRST))
    assert found.value("number") == _SECOND
    assert not _believed(found, "number")
    assert not _believed(found, "dated")
    assert {one.facts.get("odd") for one in found.fields if one.name == "number"} == {"letters"}


def test_the_same_letter_twice_is_one() -> None:
    assert _believed(_read(_numbered(_FIRST), _numbered(_FIRST)), "number")


def test_a_letter_that_encloses_or_cites_the_other_is_meant_whatever_the_mail_says() -> None:
    enclosing = with_line(10, "สิ่งที่ส่งมาด้วย ๑. สำเนาหนังสือกรมส่งเสริมการปกครองท้องถิ่น จำนวน ๑ ฉบับ")
    assert _believed(_read(enclosing, _numbered(_SECOND)), "number")
    cites = with_line(8, "ลงวันที่ ๓ มกราคม ๒๕๖๒", more=[(TAB, f"๒. หนังสือกรม ที่ {_SECOND}")])
    assert _read(cites, _numbered(_SECOND), said=_SECOND).value("number") == _FIRST
