"""Thai and Arabic digits."""

from hypothesis import given
from hypothesis import strategies as st

from registry.thai.numerals import thai_number, to_arabic, to_thai


def test_digits_change_and_nothing_else_does():
    assert to_thai("พร 0023.3/ว 4971") == "พร ๐๐๒๓.๓/ว ๔๙๗๑"
    assert to_arabic("พร ๐๐๒๓.๓/ว ๔๙๗๑") == "พร 0023.3/ว 4971"


def test_a_number_is_written_plain_or_with_thousands():
    assert thai_number(2231) == "๒๒๓๑"
    assert thai_number(1234567, thousands=True) == "๑,๒๓๔,๕๖๗"
    assert thai_number(-5) == "-๕"


def test_digits_of_other_scripts_are_not_taken_for_ours():
    assert to_arabic("१२ ៣ ٣") == "१२ ៣ ٣"


@given(st.text(alphabet="กขค 0123456789/."))
def test_there_and_back_is_the_same_text(text):
    assert to_arabic(to_thai(text)) == text


@given(st.integers())
def test_a_thai_number_reads_back_as_the_number(number):
    assert int(to_arabic(thai_number(number))) == number
