"""Pages as a person reads them, and their forms as a browser sends them."""

from tests.saraban.web.pages.test_inbox import form_of, plain


def send(client, entry_id, act, **fields):
    """Open the page of an entry and send one of its forms; give the answer."""
    path = f"/entries/{entry_id}"
    action = f"{path}/{act}"
    return client.post(action, data=form_of(client.get(path).text, action) | fields)


def page(client, entry_id):
    """Read the page of an entry as a person does."""
    answer = client.get(f"/entries/{entry_id}")
    assert answer.status_code == 200, answer.text
    return plain(answer.text)
