"""The menu: each page once, for those who may use it."""

import pytest

from tests.saraban.office import CLERK, OFFICER
from tests.saraban.web.seed import ADMIN


@pytest.mark.parametrize(("email", "there"), [(OFFICER, True), (CLERK, True), (ADMIN, False)])
def test_the_menu_names_the_pages_that_the_viewer_may_use(desk, email, there):
    html = desk.signed_in(email).get("/menu").text.partition("<main")[2]
    assert ('href="/inbox"' in html) is there
    assert 'href="/account"' in html


def test_every_page_of_the_menu_answers(desk):
    client = desk.signed_in()
    for path in client.get("/menu").text.partition("<main")[2].split('<li><a href="')[1:]:
        assert client.get(path.partition('"')[0]).status_code == 200
