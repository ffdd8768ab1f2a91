"""Every act on a letter and every look at one, tried on secret ones by those not cleared.

The routes are taken from the application itself, so that an act that comes later is tried as well.
"""

import re
from dataclasses import replace

import httpx
import pytest
from sqlalchemy import select

from registry import entries
from registry.accounts.api_tokens import Scope
from registry.apart import Apart
from registry.ids import new_id
from registry.models.base import Base
from saraban.api.app import make_api
from saraban.api.spec import openapi
from saraban.web.forms import version_of
from saraban.web.routes import routers
from tests.saraban.api.conftest import token_of as program_token
from tests.saraban.office import OFFICER, SECRETS
from tests.saraban.web import papers
from tests.saraban.web.desk import token_of
from tests.saraban.web.marked import SIGNER, WORDS, Secrets, lay_secrets
from tests.saraban.web.seed import SECOND, SECRET, TOWN_OFFICER

_ABOUT = re.compile(r"\{(entry_id|letter_id|delivery_id)\}")
_LOOKING = {"reading", "web_session", "once", "api_token"}
_FIELDS = {
    "reason": "x", "words": "x", "to": SECOND, "unit": "local", "how": "noted", "subject": "x",
    "relation": "cites", "kind": "returned", "told": "1", "result": "x", "spoke_to": "x",
    "tray": new_id(), "number": "next", "secrecy": "ลับมาก", "grade": "ลับมาก", "way": "post",
    "from_text": "x",
}  # fmt: skip


@pytest.fixture
def secrets(desk) -> Secrets:
    return lay_secrets(desk)


def test_pages_let_nobody_act_on_them(desk, secrets):
    clients = {who: FormSender(desk, who) for who in (OFFICER, TOWN_OFFICER)}
    before = everything(desk)
    for path in page_acts(secrets):
        for who, client in clients.items():
            status = client.send(path, secrets)
            assert status in (403, 404), f"{path} by {who}: {status}"
    assert everything(desk) == before


def test_programs_without_the_scope_act_on_none_of_them(desk, secrets):
    tokens = [program_token(desk), program_token(desk, officer=TOWN_OFFICER)]
    before = everything(desk)
    for token in tokens:
        with programs(desk, token) as client:
            for method, path, body in program_acts(desk, secrets):
                status = client.request(method, path, json=body).status_code
                assert status in (403, 404), f"{method} {path}: {status}"
    assert everything(desk) == before


def test_their_own_officer_is_let_through_by_every_act_that_was_tried(desk, secrets):
    client = FormSender(desk, SECRETS)
    client.send(f"/letters/{secrets.letters[0]}/open", secrets)
    heard: dict[str, set[int]] = {}
    moving = [path for path in page_acts(secrets) if re.match("/entries/.*/secret$", path)]
    fields_first = sorted(page_acts(secrets), key=lambda path: "/fields/" not in path)
    for path in fields_first:  # a registered secret letter has none
        if path not in moving:  # a letter that was moved is no more where the others look for it
            heard.setdefault(without_ids(path, secrets), set()).add(client.send(path, secrets))
    with programs(desk, program_token(desk, *Scope, officer=SECRETS)) as program:
        for method, path, body in program_acts(desk, secrets):
            answer = program.request(method, path, json=body).status_code
            heard.setdefault(f"{method} {without_ids(path, secrets)}", set()).add(answer)
    for path in moving:
        heard.setdefault(without_ids(path, secrets), set()).add(client.send(path, secrets))
    assert {path for path, found in heard.items() if found <= {403, 404}} == set()


def test_an_ordinary_letter_is_tied_to_none_of_them(desk, secrets):
    client, token = FormSender(desk, OFFICER), program_token(desk)
    before = everything(desk)
    for act, other in (("link", secrets.place), ("unlink", secrets.entries[0])):
        for end in ("", "other"):
            path = f"/entries/{secrets.ordinary}/{act}"
            assert client.send(path, secrets, other=other, **{"from": end}) == 403
    assert client.send("/numbers/void", secrets, place=secrets.place) == 403
    with programs(desk, token) as program:
        for act, more in (("link", {}), ("unlink", {"reason": "x"})):
            body = {"other": secrets.entries[0]} | more
            assert program.post(f"/entries/{secrets.ordinary}/{act}", json=body).status_code == 403
    assert everything(desk) == before


def test_no_address_shows_a_word_of_them(desk, secrets):
    pages, token = desk.signed_in(OFFICER), program_token(desk)
    with programs(desk, token) as program:
        for client, paths in (
            (pages, page_looks(secrets)),
            (program, program_looks(desk, secrets)),
        ):
            for path in paths:
                answer = client.get(path)
                kind = answer.headers.get("content-type", "").partition(";")[0]
                assert answer.status_code in (200, 403, 404), f"{path}: {answer.status_code}"
                assert answer.status_code != 200 or kind in ("text/html", "application/json"), path
                assert [word for word in WORDS if word in answer.text] == [], path


def test_their_own_officer_is_shown_what_was_looked_for(desk, secrets):
    form = FormSender(desk, SECRETS)
    form.send(f"/letters/{secrets.letters[0]}/open", secrets)
    heard, seen = {}, set()
    with programs(desk, program_token(desk, *Scope, officer=SECRETS)) as program:
        for client, paths in (
            (form.client, page_looks(secrets)), (program, program_looks(desk, secrets)),
        ):  # fmt: skip
            for path in paths:
                answer = client.get(path)
                heard.setdefault(without_ids(path, secrets), set()).add(answer.status_code)
                if "pdf" not in answer.headers.get("content-type", ""):
                    seen |= {word for word in WORDS if word in answer.text}
    opened = {path for path, found in heard.items() if 200 in found}
    file = f"/letters/…/files/{secrets.parts['file_id']}"
    assert opened >= {
        "/entries/…", "/entries/…/stamped", "/entries/…/evidence.pdf", "/entries/…/deliveries",
        "/letters/…", "/letters/…/original", file, f"{file}/view",
        f"/letters/…/files/{secrets.parts['sha256']}",
    }  # fmt: skip
    assert seen >= {papers.SUBJECT, SECRET, SIGNER}


def page_acts(secrets):
    """Give the path of every form of a page that is about a letter, for each of the letters."""
    return page_paths("POST", secrets)


def page_looks(secrets):
    """Give every address of the pages that shows something of a letter."""
    return page_paths("GET", whole(secrets))


def whole(secrets):
    """Give the same letters, with the registered one among those that are named by themselves."""
    letters = (*secrets.letters, secrets.registered)
    return replace(secrets, letters=letters, own=secrets.parts)


def page_paths(method, secrets):
    """Give the path of every route of the pages that is about a letter, for each of the letters."""
    routes = [route for router in routers() for route in router.routes]
    found = [one.path for one in routes if method in one.methods and _ABOUT.search(one.path)]
    assert len(found) > {"POST": 20, "GET": 8}[method]
    return [path for one in found for path in filled(one, secrets)]


def document_of(desk):
    """Give the document of the API."""
    return openapi(make_api(desk.runtime, Apart("registry.texts.child", 0, 0)))


def program_looks(desk, secrets):
    """Give every address of the API that shows something of a letter."""
    routes = document_of(desk)["paths"].items()
    found = [path for path, methods in routes if "get" in methods and _ABOUT.search(path)]
    assert len(found) > 3
    return [path for one in found for path in filled(one, whole(secrets))]


def program_acts(desk, secrets):
    """Give method, path and body of every act of the API that is about a letter."""
    document = document_of(desk)
    given = _FIELDS | {"other": secrets.ordinary, "entry": secrets.ordinary}
    found = []
    for route, methods in document["paths"].items():
        for method in methods.keys() & {"post", "patch", "put", "delete"}:
            wanted = re.search(r"schemas/(\w+)", str(methods[method].get("requestBody")))
            names = document["components"]["schemas"][wanted[1]]["properties"] if wanted else {}
            body = {name: given[name] for name in names if name in given}
            paths = filled(route, secrets) if _ABOUT.search(route) else []
            found += [(method, path, body) for path in paths]
    assert len(found) > 20
    return found


def filled(path, secrets):
    """Give a route's path with each id that fits."""
    path = path.replace("{step}", "1").replace("{act}", "retry")
    ids = {
        "entry_id": secrets.entries, "letter_id": secrets.letters, "delivery_id": [secrets.delivery]
    }  # fmt: skip
    for name, value in secrets.own.items():
        path = path.replace(f"{{{name}}}", value)
    assert len(re.findall(r"\{", path)) == 1, f"what stands for the rest of {path}?"
    name = _ABOUT.search(path)[1]
    return [path.replace(f"{{{name}}}", str(one)) for one in ids[name]]


def without_ids(path, secrets):
    """Give the path without the id, to tell routes from one another."""
    ids = (*secrets.entries, *secrets.letters, secrets.registered, str(secrets.delivery))
    for one in ids:
        path = re.sub(f"/{one}(?=/|$)", "/…", path)
    return path


class FormSender:
    """Somebody who is signed in and sends forms of pages that they perhaps never saw."""

    def __init__(self, desk, who):
        self.desk, self.client = desk, desk.signed_in(who)
        self.token = token_of(self.client.get("/account").text)

    def send(self, path, secrets, **more):
        """Send a form with all that any form asks for, and give the status."""
        fields = _FIELDS | {
            "_token": self.token, "_version": self.version(path.split("/")[2], secrets),
            "delivery": str(secrets.delivery), "other": secrets.ordinary, "entry": secrets.ordinary,
        }  # fmt: skip
        answer = self.client.post(path, data=fields | more, headers={"Origin": self.desk.url})
        return answer.status_code

    def version(self, entry_id, secrets):
        """Give the version of an entry as it is shown to whoever is not cleared."""
        if entry_id not in secrets.entries:
            return ""
        with self.desk.runtime.database.read() as session:
            return version_of(entries.get(session, entry_id))


def programs(desk, token):
    """Give a client of the API."""
    return httpx.Client(
        base_url=f"{desk.url}/api/v1", timeout=30,
        headers={"Authorization": f"Bearer {token}", "If-Match": "*"},
    )  # fmt: skip


def everything(desk):
    """Give all rows of all tables but those that say who looked."""
    with desk.runtime.database.read() as session:
        return {
            table.name: session.execute(select(table).order_by(*table.primary_key)).all()
            for table in Base.metadata.sorted_tables
            if table.name not in _LOOKING
        }
