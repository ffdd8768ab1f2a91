"""The number a paper bears against the one we would give it."""

import pytest

from registry.desk import slip
from registry.desk.compare import Paper, contradicts, judge, number_on_paper
from registry.desk.owner import owner_of
from registry.letter.number import SenderCode

OWN = SenderCode.parse("พร 0023.3")


def paper(subject="", text="", names=(), mark=""):
    return Paper(subject, text, tuple(names), mark)


@pytest.mark.parametrize(
    "shown",
    [
        paper(subject="ที่ พร ๐๐๒๓.๓/ว ๑๕ ขอส่งรายงาน"),
        paper(names=["พร 0023.3-ว 15 รายงาน.pdf"]),
        paper(names=["พร๐๐๒๓.๓_ว๑๕.pdf"]),
        paper(text="ด่วนที่สุด\nที่ พร ๐๐๒๓.๓/ว ๑๕\nเรียน นายอำเภอ"),
        paper(mark="พร 0023.3/ว 15"),
    ],
)
def test_the_number_is_read_where_it_may_stand(shown):
    assert str(number_on_paper(shown, OWN)) == "พร 0023.3/ว 15"


@pytest.mark.parametrize(
    "shown",
    [
        paper(text="อ้างถึง หนังสือจังหวัดแพร่ ที่ พร 0023.3/15 ลงวันที่ 3 ตุลาคม 2562"),
        paper(subject="ที่ มท 0810.7/ว 3974"),
        paper(subject="ที่ พร 0018/15"),
        paper(names=["รายงาน 2568-10.pdf", "scan-0023-15.pdf"]),
        paper(),
    ],
)
def test_numbers_of_other_letters_are_not_taken_for_it(shown):
    assert number_on_paper(shown, OWN) is None


def test_without_a_letter_code_no_number_is_ours():
    assert number_on_paper(paper(subject="พร 0023.3/15"), None) is None


@pytest.fixture
def verdict(database, desk, phrae):
    """Judge a paper as a letter of Phrae."""

    def of(shown, *, circular=False):
        with database.write() as session:
            owner = owner_of(session, phrae.entity, "")
            return judge(session, owner, shown, desk.now(), circular=circular)

    return of


@pytest.fixture
def reserve(database, desk, phrae):
    """Reserve the next number."""

    def act(**wishes):
        with database.write() as session:
            return slip.reserve(session, desk, phrae.entity, phrae.registrar.email, **wishes)

    return act


def test_exactly_the_next_number_may_be_used(verdict):
    found = verdict(paper(subject="พร 0023.3/1"))
    assert (found.why, str(found.number), found.entry_id) == ("", "พร 0023.3/1", None)


@pytest.mark.parametrize("number", ["พร 0023.3/2", "พร 0023.3/999"])
def test_a_number_ahead_of_the_next_waits(verdict, number):
    assert "ไม่ใช่เลขถัดไป" in verdict(paper(subject=number)).why


def test_a_reserved_number_may_be_used(verdict, reserve):
    entry = reserve()
    reserve()
    assert verdict(paper(subject="พร 0023.3/1")).entry_id == entry.id


def test_a_mark_of_a_circular_on_the_paper_makes_it_one(verdict):
    assert verdict(paper(subject="พร 0023.3/ว 1")).circular


def test_a_circular_whose_paper_lacks_the_mark_waits(verdict):
    assert "ไม่มี ว" in verdict(paper(subject="พร 0023.3/1"), circular=True).why


def test_a_paper_that_contradicts_itself_waits(verdict):
    shown = paper(subject="พร 0023.3/1", names=["พร 0023.3-2.pdf"])
    assert "ไม่ตรงกัน" in verdict(shown).why


def test_a_paper_that_shows_no_number_takes_the_next(verdict):
    found = verdict(paper(subject="ขอส่งรายงาน"))
    assert (found.why, found.number) == ("", None)


def test_a_reserved_number_is_contradicted_only_by_another(database, phrae):
    with database.read() as session:
        owner = owner_of(session, phrae.entity, "")
    assert contradicts(paper(subject="พร 0023.3/1"), owner, "พร 0023.3/1") == ""
    assert contradicts(paper(), owner, "พร 0023.3/1") == ""
    assert "พร ๐๐๒๓.๓/๒" in contradicts(paper(subject="พร 0023.3/2"), owner, "พร 0023.3/1")
