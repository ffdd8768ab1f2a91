"""What every request passes, and what every answer carries."""

import gzip
import re

import pytest

from tests.saraban.office import OFFICER
from tests.saraban.web.desk import token_of
from tests.saraban.web.seed import PASSWORD


def test_every_answer_forbids_what_is_not_ours(desk):
    client = desk.signed_in()
    for path in ("/inbox", "/signin", "/nowhere", "/healthz"):
        headers = client.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"], path
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"


def test_another_hosts_name_leads_nowhere(desk):
    assert desk.browser().get("/signin", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_form_sent_from_elsewhere_does_nothing(desk, headers):
    client = desk.browser()
    data = {"_token": token_of(client.get("/signin").text), "email": OFFICER, "password": PASSWORD}
    assert client.post("/signin", data=data, headers=headers).status_code == 403


@pytest.mark.parametrize("token", ["", "x", "AAAA", "ก" * 40])
def test_a_form_without_our_token_does_nothing(desk, token):
    client = desk.signed_in()
    assert client.post("/signout/everywhere", data={"_token": token}).status_code == 403


def test_a_token_of_another_session_is_none(desk):
    one, other = desk.signed_in(), desk.signed_in()
    token = token_of(other.get("/account").text)
    assert one.post("/signout/everywhere", data={"_token": token}).status_code == 403


def test_the_first_page_and_all_it_needs_are_below_a_hundred_kilobytes(desk):
    client = desk.signed_in()
    page = client.get("/inbox")
    packed = len(gzip.compress(page.content, 5))
    for path in set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)):
        packed += wire(client, path)
    styles = re.search(r'href="(/static/desk\.[^"]+css)"', page.text)[1]
    for font in re.findall(r"url\((/static/[^)]+)\)", client.get(styles).text):
        packed += wire(client, font)
    assert packed < 100_000


def wire(client, path):
    """Count the bytes of a file as they travel, and see that a browser may keep it."""
    with client.stream("GET", path) as answer:
        assert answer.status_code == 200, path
        assert "immutable" in answer.headers["cache-control"]
        return sum(len(piece) for piece in answer.iter_raw())


def test_a_file_that_a_browser_has_is_not_sent_again(desk):
    client = desk.browser()
    path = re.search(r'href="(/static/desk\.[^"]+css)"', client.get("/signin").text)[1]
    tag = client.get(path).headers["etag"]
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(
    "path", ["/static/../app.py", "/static/%2e%2e%2fapp.py", "/static/desk.css"]
)
def test_only_files_of_ours_are_served_under_their_own_names(desk, path):
    assert desk.browser().get(path).status_code == 404
