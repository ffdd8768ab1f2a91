"""Header blocks cut into fields, with bounds."""

from hypothesis import given
from hypothesis import strategies as st

from gateway.inbound.fields import LONGEST_FIELD, MOST_FIELDS, read_fields


def test_folded_lines_are_joined_and_names_fold_case():
    fields = read_fields(b"Subject: a\r\n b\r\n\tc\r\nTO : x")
    assert fields.items == (("subject", b"a b\tc"), ("to", b"x"))


def test_of_two_subjects_the_first_counts_and_the_second_is_a_defect():
    fields = read_fields(b"Subject: one\r\nSubject: two")
    assert fields.get("subject") == b"one"
    assert list(fields.all("subject")) == [b"one", b"two"]
    assert fields.defects == ("subject stands twice",)


def test_bare_line_feeds_end_lines_too():
    assert read_fields(b"A: 1\nB: 2").items == (("a", b"1"), ("b", b"2"))


def test_a_field_of_a_megabyte_is_cut():
    fields = read_fields(b"X: " + b"a" * 1_000_000)
    assert len(fields.get("x")) == LONGEST_FIELD
    assert "longer" in fields.defects[0]


def test_no_more_than_a_thousand_fields_are_read():
    fields = read_fields(b"X: 1\r\n" * 5000)
    assert len(fields.items) == MOST_FIELDS
    assert "more than 1000" in fields.defects[0]


def test_lines_that_are_no_fields_are_named_and_an_mbox_line_is_not():
    assert read_fields(b"From x@y Mon\r\nA: 1").defects == ()
    assert read_fields(b"rubbish\r\nA: 1").defects == ("a header line that is no field",)


@given(st.binary(max_size=500))
def test_no_block_breaks_the_reader(block):
    read_fields(block)
