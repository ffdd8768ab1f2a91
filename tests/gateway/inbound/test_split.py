"""Where the parts of a mail lie."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.inbound import window as windows
from gateway.inbound.split import split
from tests.gateway.inbound.mails import HEAD, multipart, part, shape


def bodies(raw, structure):
    return [raw[n.start : n.end] for n in structure.root.walk() if not n.children]


def test_a_plain_mail_is_one_part(tmp_path):
    raw = HEAD + b"\r\nhello\r\n"
    found = shape(raw, tmp_path)
    assert bodies(raw, found) == [b"hello\r\n"]
    assert (found.complete, found.defects) == (True, ())


def test_a_multipart_has_its_parts_without_preamble_and_epilogue(tmp_path):
    raw = multipart(part(b"one"), part(b"two\r\n")) + b"epilogue\r\n"
    raw = raw.replace(b"\r\n\r\n\r\n--B", b"\r\n\r\npreamble\r\n--B", 1)
    found = shape(raw, tmp_path)
    assert bodies(raw, found) == [b"one", b"two\r\n"]
    assert found.defects == ()


def test_bare_line_feeds_split_as_well(tmp_path):
    raw = multipart(part(b"one"), part(b"two")).replace(b"\r\n", b"\n")
    assert bodies(raw, shape(raw, tmp_path)) == [b"one", b"two"]


def test_a_missing_end_boundary_is_a_defect_and_the_last_part_goes_to_the_end(tmp_path):
    raw = multipart(part(b"one"), part(b"two")).replace(b"\r\n--B--\r\n", b"")
    found = shape(raw, tmp_path)
    assert bodies(raw, found) == [b"one", b"two"]
    assert found.defects == ("a multipart lacks its end boundary",)
    assert found.complete


def test_an_outer_boundary_ends_an_inner_multipart_that_was_not_closed(tmp_path):
    inner = multipart(part(b"in"), boundary="I", head=b"").replace(b"\r\n--I--\r\n", b"")
    raw = multipart(inner, part(b"out"), boundary="O")
    found = shape(raw, tmp_path)
    assert bodies(raw, found) == [b"in", b"out"]
    assert "a multipart lacks its end boundary" in found.defects


def test_a_boundary_that_begins_like_another_is_not_taken_for_it(tmp_path):
    inner = multipart(part(b"in"), boundary="Apple-1=10", head=b"")
    raw = multipart(inner, part(b"out\r\n--Apple-1x\r\n"), boundary="Apple-1")
    assert bodies(raw, shape(raw, tmp_path)) == [b"in", b"out\r\n--Apple-1x\r\n"]


def test_an_inner_boundary_that_looks_like_the_end_of_the_outer_is_the_inner_ones(tmp_path):
    inner = multipart(part(b"in"), boundary="B--", head=b"")
    raw = multipart(inner, part(b"out"), boundary="B")
    assert bodies(raw, shape(raw, tmp_path)) == [b"in", b"out"]


def test_white_space_after_a_boundary_is_no_matter(tmp_path):
    raw = multipart(part(b"one"), part(b"two")).replace(b"--B\r\n", b"--B \t\r\n")
    assert bodies(raw, shape(raw, tmp_path)) == [b"one", b"two"]


def test_a_boundary_followed_by_a_long_line_is_no_delimiter(tmp_path):
    raw = multipart(part(b"one\r\n--B" + b" " * 500 + b"\r\n"))
    assert len(bodies(raw, shape(raw, tmp_path))) == 1


@pytest.mark.parametrize(("length", "parts"), [(70, 1), (71, 1), (2048, 1), (2049, 0)])
def test_boundaries_over_70_are_seen_up_to_a_bound(tmp_path, length, parts):
    found = shape(multipart(part(b"one"), boundary="b" * length), tmp_path)
    assert len(found.root.children) == parts
    assert bool(found.defects) == (length > 70)


def test_of_two_content_types_the_first_decides(tmp_path):
    raw = multipart(part(b"one")).replace(
        b"MIME-Version: 1.0\r\n", b'Content-Type: multipart/mixed; boundary="X"\r\n'
    )
    found = shape(raw.replace(b"--B", b"--X"), tmp_path)
    assert len(found.root.children) == 1
    assert "content-type stands twice" in found.defects


def test_attached_mails_are_opened_and_their_parts_know_how_deep_they_lie(tmp_path):
    inner = multipart(part(b"deep", "application/pdf"), boundary="I")
    raw = multipart(part(b"top"), b"Content-Type: message/rfc822\r\n\r\n" + inner)
    found = shape(raw, tmp_path)
    nested = {raw[n.start : n.end]: n.nested for n in found.root.walk() if not n.children}
    assert nested == {b"top": 0, b"deep": 1}


def test_an_attached_mail_ends_where_the_multipart_goes_on(tmp_path):
    raw = multipart(b"Content-Type: message/rfc822\r\n\r\n" + HEAD + b"\r\nhi", part(b"after"))
    found = shape(raw, tmp_path)
    assert raw[found.root.children[0].start : found.root.children[0].end] == HEAD + b"\r\nhi"
    assert bodies(raw, found) == [b"hi", b"after"]


def test_parts_of_a_digest_are_mails_by_default(tmp_path):
    raw = multipart(b"\r\n" + HEAD + b"\r\none", b"\r\n" + HEAD + b"\r\ntwo", kind="digest")
    assert bodies(raw, shape(raw, tmp_path)) == [b"one", b"two"]


def test_a_part_without_header_or_body_is_a_part(tmp_path):
    raw = multipart(b"\r\nno header", b"Content-Type: text/plain", b"")
    found = shape(raw, tmp_path)
    assert bodies(raw, found) == [b"no header", b"", b""]


def test_a_header_without_a_blank_line_ends_before_the_text(tmp_path):
    raw = HEAD + "สวัสดีครับ\r\n".encode()
    found = shape(raw, tmp_path)
    assert bodies(raw, found) == ["สวัสดีครับ\r\n".encode()]
    assert found.defects == ("no blank line after the header",)


def test_a_mail_of_carriage_returns_alone_is_text_that_people_see(tmp_path):
    raw = b"From: a@b.example\rSubject: x\r\rhello\r\r\n"
    found = shape(raw, tmp_path)
    assert bodies(raw, found) == [raw]
    assert found.defects == ("lines that end in CR alone",)


def test_a_broken_line_in_a_header_does_not_hide_the_enclosures(tmp_path):
    """A Subject wrapped without its space must not turn the letter into text."""
    raw = multipart(part(b"one")).replace(b"Subject: test", b"Subject: test\r\nwrapped badly", 1)
    found = shape(raw, tmp_path)
    assert bodies(raw, found) == [b"one"]
    assert "a header line that is no field" in found.defects


@pytest.mark.parametrize("raw", [b"", b"\r\n", b"\n", b"x", b"From: a", b"\r\n\r\n", b"\x00" * 50])
def test_scraps_are_one_part(tmp_path, raw):
    found = shape(raw, tmp_path)
    assert found.root.end == len(raw)
    assert found.complete


def test_a_multipart_without_boundary_is_one_part_and_a_defect(tmp_path):
    found = shape(HEAD + b"Content-Type: multipart/mixed\r\n\r\nx\r\n", tmp_path)
    assert found.root.children == []
    assert found.defects == ("a multipart without a usable boundary",)


def in_time(raw, tmp_path, seconds=5.0):
    started = time.process_time()
    found = shape(raw, tmp_path)
    assert time.process_time() - started < seconds
    return found


def test_a_hundred_thousand_empty_parts_stop_at_a_bound(tmp_path):
    found = in_time(multipart(*[b""] * 100_000), tmp_path)
    assert not found.complete
    assert len(found.root.children) <= 1000


def test_parts_five_thousand_deep_stop_at_a_bound(tmp_path):
    raw = HEAD
    for level in range(5000):
        raw += b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level)
    found = in_time(raw, tmp_path)
    assert not found.complete
    assert "parts deeper than 30" in found.defects


def test_attached_mails_five_thousand_deep_stop_at_a_bound(tmp_path):
    found = in_time(b"Content-Type: message/rfc822\r\n\r\n" * 5000, tmp_path)
    assert "an attached mail was not opened" in found.defects


def test_a_header_of_a_megabyte_is_passed_over_and_the_body_found(tmp_path):
    raw = HEAD + b"X: " + b"a" * 1_000_000 + b"\r\n\r\nbody"
    found = in_time(raw, tmp_path)
    assert not found.complete
    assert bodies(raw, found) == [b"body"]


def test_a_part_header_beyond_bounds_stops_the_splitter(tmp_path):
    raw = multipart(part(b"one"), b"X: " + b"a" * 1_000_000 + b"\r\n\r\nbody")
    found = in_time(raw, tmp_path)
    assert not found.complete
    assert bodies(raw, found)[0] == b"one"


def test_a_boundary_that_never_comes_is_not_searched_for_beyond_its_multipart(tmp_path):
    """Nine hundred multiparts without an end, and 20 MB behind them: one pass, not nine hundred."""
    inner = b"Content-Type: multipart/mixed; boundary=u%d\r\n\r\nx"
    raw = multipart(*[inner % n for n in range(900)], part(b"xyz\r\n" * 4_000_000))
    (tmp_path / "mail").write_bytes(raw)
    read = 0

    class Counting(windows.Window):
        def _load(self, start, length):
            nonlocal read
            super()._load(start, length)
            read += len(self._data)

    with Counting(tmp_path / "mail") as window:
        found = split(window)
    assert len(found.root.children) == 901
    assert read < 5 * len(raw)


def test_headers_of_many_megabytes_stop_the_splitter(tmp_path):
    field = b"X: " + b"a" * 10_000 + b"\r\n"
    found = shape(multipart(*[field * 10 + b"\r\nx"] * 100), tmp_path)
    assert not found.complete
    assert found.defects[-1] == "headers of more than 4194304 bytes"


def test_a_million_lines_that_begin_like_a_boundary_do_not_hold_the_office_up(tmp_path):
    raw = multipart(part(b"\r\n--Bx" * 1_000_000), boundary="B")
    found = in_time(raw, tmp_path, 10)
    assert "too many lines that begin like a boundary" in found.defects


SCRAPS = [
    b"--A",
    b"--A--",
    b"--B",
    b"--B--",
    b"\r\n",
    b"\n",
    b"\r\n\r\n",
    b"text",
    b"\x00",
    b" ",
    b"-",
]
SCRAPS += [b"Content-Type: multipart/mixed; boundary=A", b"Content-Type: message/rfc822", b"\r"]
SCRAPS += [b"Content-Type: multipart/x; boundary=B", b"Subject: x"]


@settings(deadline=None)
@given(pieces=st.lists(st.sampled_from(SCRAPS), max_size=40), block=st.integers(8, 40))
def test_parts_lie_one_after_another_in_any_file(pieces, block, tmp_path_factory):
    raw = b"".join(pieces)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(windows, "_BLOCK", block)
        found = shape(raw, tmp_path_factory.mktemp("s"))
    for node in found.root.walk():
        assert 0 <= node.start <= node.end <= len(raw)
        position = node.start
        for child in node.children:
            assert position <= child.start
            assert child.end <= node.end
            position = child.end
