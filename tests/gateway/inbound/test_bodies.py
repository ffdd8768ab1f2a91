"""Which parts are the text to read."""

import base64

from gateway.inbound import bodies
from tests.gateway.inbound.mails import HEAD, Reader, crlf, multipart, part

HTML = part("<p>แบบ HTML</p>".encode(), "text/html; charset=utf-8")
PLAIN = part("แบบธรรมดา".encode(), "text/plain; charset=utf-8")


def test_of_an_alternative_the_plain_text_is_read_and_neither_is_a_file(tmp_path):
    message = Reader(tmp_path).read(multipart(PLAIN, HTML, kind="alternative"))
    assert (message.text, message.parts) == ("แบบธรรมดา", ())


def test_html_is_read_where_the_plain_text_is_empty(tmp_path):
    message = Reader(tmp_path).read(multipart(part(b" \r\n"), HTML, kind="alternative"))
    assert message.text == "แบบ HTML"


def test_html_alone_is_read_as_text(tmp_path):
    raw = HEAD + b"Content-Type: text/html; charset=utf-8\r\n\r\n<script>x</script><b>hi</b>"
    assert Reader(tmp_path).read(raw).text == "hi"


def test_texts_before_and_after_a_file_are_put_together(tmp_path):
    pdf = part(b"%PDF-1.4", "application/pdf", content_disposition="attachment")
    message = Reader(tmp_path).read(multipart(part(b"before"), pdf, part(b"after")))
    assert message.text == "before\n\nafter"
    assert [(p.position, p.name) for p in message.parts] == [(1, "เอกสาร-1.pdf")]


def test_a_text_with_a_name_or_sent_as_attachment_is_a_file(tmp_path):
    named = part(b"a", 'text/plain; name="a.txt"')
    attached = part(b"b", "text/plain", content_disposition="attachment")
    message = Reader(tmp_path).read(multipart(part(b"text"), named, attached))
    assert message.text == "text"
    assert [p.name for p in message.parts] == ["a.txt", "เอกสาร-2.txt"]


def test_an_unknown_charset_is_guessed_and_said_to_be(tmp_path):
    raw = HEAD + b"Content-Type: text/plain; charset=x-thai-own\r\n\r\n" + "คู่มือ".encode("cp874")
    message = Reader(tmp_path).read(raw)
    assert message.text == "คู่มือ"
    guess = "read as windows-874 (an unknown name, the bytes are Thai letters)"
    assert f"text: charset x-thai-own: {guess}" in message.defects


def test_nul_bytes_do_not_reach_the_database_but_stay_in_the_original(tmp_path):
    message = Reader(tmp_path).read(HEAD + b"\r\na\x00b\r\n")
    assert message.text == "ab"
    assert any("NUL" in defect for defect in message.defects)


def test_pictures_that_the_text_shows_are_inline_and_others_are_files(tmp_path):
    png = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
    page = part(b'<img src="cid:logo@x">', "text/html")
    logo = part(png, "image/png", content_id="<logo@x>")
    photo = part(png + b"1", "image/png", content_id="<photo@x>", content_disposition="inline")
    message = Reader(tmp_path).read(multipart(page, logo, photo, kind="related"))
    assert {p.content_id: p.inline for p in message.parts} == {"logo@x": True, "photo@x": False}


def test_an_inline_pdf_is_a_file_like_any_other(tmp_path):
    """Some mailers send every enclosure inline."""
    pdf = part(b"%PDF-1.4", "application/pdf; name=x.pdf", content_disposition="inline")
    message = Reader(tmp_path).read(multipart(part(b"t"), pdf))
    assert [p.inline for p in message.parts] == [False]


def test_a_text_too_long_to_show_is_cut_and_kept_as_a_file(tmp_path, monkeypatch):
    monkeypatch.setattr(bodies, "MOST_TEXT", 1000)
    body = crlf("ก" * 50 + "\n") * 100
    raw = HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + body
    reader = Reader(tmp_path)
    message = reader.read(raw)
    assert set(message.text) == {"ก", "\n"}
    assert len(message.text.encode()) <= 1000
    assert reader.content(message.parts[0]) == body
    assert "a text too long to show: cut, and kept as a file" in message.defects


def test_quoted_printable_and_base64_texts_are_read(tmp_path):
    quoted = part(
        b"=E0=B8=81=\r\n=E0=B8=82",
        "text/plain; charset=utf-8",
        content_transfer_encoding="quoted-printable",
    )
    packed = part(
        base64.b64encode("ค".encode()),
        "text/plain; charset=utf-8",
        content_transfer_encoding="BASE64",
    )
    assert Reader(tmp_path).read(multipart(quoted, packed)).text == "กข\n\nค"


def test_the_text_of_an_attached_mail_is_not_the_text_of_the_letter(tmp_path):
    inner = b"Content-Type: message/rfc822\r\n\r\n" + HEAD + b"\r\ninner words"
    assert Reader(tmp_path).read(multipart(part(b"outer"), inner)).text == "outer"
