"""Names of files in mails."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.inbound.fields import read_fields
from gateway.inbound.headers import read_heading
from gateway.inbound.parameters import read_parameters
from gateway.outbound.fields import content_fields, text_field
from tests.gateway.inbound.mails import HEAD, Reader, multipart, part


def names(tmp_path, *parts):
    message = Reader(tmp_path).read(multipart(*parts))
    return [(file.name, file.original_name) for file in message.parts]


def test_the_name_of_the_disposition_goes_before_that_of_the_type(tmp_path):
    file = part(
        b"x", "application/pdf; name=b.pdf", content_disposition="attachment; filename=a.pdf"
    )
    assert names(tmp_path, file) == [("a.pdf", "a.pdf")]


def test_a_name_is_safe_to_show_and_kept_as_it_was_given(tmp_path):
    file = part(
        b"x", "application/pdf", content_disposition='x; filename="../../etc/pass\u202efdp.exe"'
    )
    ((safe, given),) = names(tmp_path, file)
    assert "/" not in safe
    assert "\u202e" not in safe
    assert given == "../../etc/pass\u202efdp.exe"


@pytest.mark.parametrize(
    ("kind", "suffix"),
    [("application/pdf", ".pdf"), ("image/jpeg", ".jpg"), ("application/x-own", ""), ("a/b", "")],
)
def test_a_file_without_name_is_called_by_number_and_type(tmp_path, kind, suffix):
    head = {"application/pdf": b"%PDF-1.4", "image/jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF"}
    file = part(head.get(kind, b"\x00\x01"), kind)
    assert names(tmp_path, file, file)[1] == (f"เอกสาร-2{suffix}", "")


def test_an_attached_mail_without_name_is_called_by_its_subject(tmp_path):
    inner = b"Content-Type: message/rfc822\r\n\r\n" + HEAD + b"\r\nx"
    assert names(tmp_path, inner) == [("test.eml", "")]


def test_two_files_of_one_name_are_two_files(tmp_path):
    one = part(b"1", "application/pdf; name=a.pdf")
    two = part(b"2", "application/pdf; name=a.pdf")
    assert names(tmp_path, one, two) == [("a.pdf", "a.pdf")] * 2


def test_a_name_of_nothing_but_spaces_is_no_name(tmp_path):
    file = part(b"%PDF-1.4", "application/pdf", content_disposition='attachment; filename="  "')
    assert names(tmp_path, file) == [("เอกสาร-1.pdf", "")]


LETTERS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1)


@given(LETTERS)
def test_a_name_that_we_write_is_the_name_that_we_read(name):
    lines = content_fields("application/pdf", name, "file.pdf", inline=False)
    fields = read_fields(b"".join(lines))
    assert read_parameters(fields.get("content-disposition")).get("filename") == name
    assert read_parameters(fields.get("content-type")).get("name") == "file.pdf"


@given(st.lists(LETTERS.filter(lambda word: "=?" not in word), min_size=1).map(" ".join))
def test_a_subject_that_we_write_is_the_subject_that_we_read(subject):
    assert read_heading(read_fields(text_field("Subject", subject))).subject == subject
