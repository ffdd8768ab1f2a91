"""What of the settings is shown: everything but secrets."""

import pytest

from saraban.web.pages.settings import shown
from tests.saraban.web.pages.test_inbox import plain
from tests.saraban.web.seed import ADMIN


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("url", "postgresql://office:s3cret@db.example/books", "s3cret"),
        ("url", "postgresql://db.example/books?password=s3cret", "s3cret"),
        ("url", "s3cret without a scheme", "s3cret"),
        ("password", "s3cret", "s3cret"),
        ("client_secret", "s3cret", "s3cret"),
    ],
)
def test_what_is_secret_is_struck_out(name, value, said):
    assert said not in shown(name, value)


def test_the_name_of_a_file_that_holds_a_secret_is_none():
    assert shown("password_file", "/etc/saraban/imap") == '"/etc/saraban/imap"'
    assert shown("tls_key", "/etc/key.pem") == '"/etc/key.pem"'


def test_each_key_is_explained_in_thai(desk):
    html = plain(desk.signed_in(ADMIN).get("/settings").text)
    assert "<code>idle_minutes</code>" in html
    assert "นาทีที่ไม่ใช้แล้วต้องเข้าระบบใหม่" in html
    assert 'lang="en"' not in html.partition("<main")[2]
