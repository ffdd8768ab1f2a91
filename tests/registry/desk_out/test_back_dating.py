"""Numbers dated ahead, and back (ออกเลขย้อนหลัง): never the one, and the other with a reason."""

from datetime import date

import pytest

from registry.desk import slip
from registry.errors import NotUnderstood


@pytest.fixture
def reserve(database, desk, phrae):
    """Reserve a number as a registrar does by command."""

    def act(**wishes):
        with database.write() as session:
            return slip.reserve(session, desk, phrae.entity, phrae.registrar.email, **wishes)

    return act


def test_no_number_is_dated_ahead(reserve):
    with pytest.raises(NotUnderstood, match="still to come"):
        reserve(date=date(2025, 10, 4), reason="ประชุมพรุ่งนี้")


def test_a_number_dated_before_the_one_before_it_needs_a_reason_that_stays(reserve):
    assert reserve().note == ""
    with pytest.raises(NotUnderstood) as told:
        reserve(date=date(2025, 9, 30))
    assert "เลข ๑ ลงวันที่ ๓ ตุลาคม ๒๕๖๘" in told.value.thai
    entry = reserve(date=date(2025, 9, 30), reason="ลงนามก่อนระบบขัดข้อง")
    assert (entry.number, entry.note) == (2, "ออกเลขย้อนหลัง: ลงนามก่อนระบบขัดข้อง")
    assert reserve().note == ""
