"""A register kept in Excel, taken over by command."""

import pytest

from tests.registry.importing.books import HEADING, line, workbook
from tests.saraban.office import CLERK, OFFICER

BY = ("--year", "2568", "--by", OFFICER)


@pytest.fixture
def old(tmp_path):
    rows = [HEADING, line("๑"), line(2), line(2), line("3/2568"), line(6, None), line("๗ก")]
    return str(workbook(tmp_path / "ทะเบียนรับ ๒๕๖๘.xlsx", rows))


def numbers(office):
    found = office.data("register", "list", "--year", "2568")
    return [(one["number"], one["state"]) for one in found]


def test_a_dry_run_tells_what_is_odd_and_changes_nothing(office, old):
    done = office.run("register", "import", old, "--dry-run", *BY)
    for words in (
        "เลข ๑-๖",
        "แถว ๔: เลข ๒ ซ้ำกับแถว ๓",
        "แถว ๗: “๗ก” ไม่ใช่เลขทะเบียน",
        "เลข ๔-๕: ไม่มีในไฟล์",
    ):
        assert words in done.stdout
    assert "ยังไม่ได้บันทึก" in done.stderr
    assert numbers(office) == []


def test_what_is_odd_is_left_out_only_when_told_so(office, old):
    assert "ข้ามแถว" in office.run("register", "import", old, *BY, code=1).stderr
    done = office.run("register", "import", old, "--leave-out", *BY)
    assert "เลขถัดไปคือ ๗" in done.stderr
    states = [(1, "registered"), (2, "registered"), (3, "registered"), (4, "void"), (5, "void")]
    assert numbers(office) == [*states, (6, "registered")]
    assert office.data("proof")["problems"] == []


def test_columns_are_told_where_there_is_no_heading(office, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("1,3/8/2568,ขอเชิญประชุม\n2,3/8/2568,แจ้งกำหนดการ\n", encoding="cp874")
    office.run("register", "import", str(path), *BY, code=2)
    told = ("number=1", "registered=2", "subject=3")
    columns = [word for one in told for word in ("--column", one)]
    office.run("register", "import", str(path), *columns, *BY)
    assert len(numbers(office)) == 2


def test_a_clerk_looks_at_no_old_register(office, old):
    office.run("register", "import", old, "--dry-run", "--by", CLERK, code=1)
