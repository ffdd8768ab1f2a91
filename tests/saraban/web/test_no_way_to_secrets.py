"""Every act on a letter, of pages and of the API, tried on secret ones by those not cleared.

The routes are taken from the application itself, so that an act that comes later is tried as well.
"""

import re
from dataclasses import dataclass

import httpx
import pytest
from sqlalchemy import select, update

from registry import directory, entries
from registry.api_tokens import Scope
from registry.desk import slip
from registry.ids import new_id
from registry.models.base import Base
from registry.models.books import EntryRow
from registry.models.letters import LetterRow
from registry.models.outgoing import DeliveryRow
from saraban.api.app import make_api
from saraban.api.spec import openapi
from saraban.web.forms import version_of
from saraban.web.routes import routers
from tests.saraban.api.conftest import token_of as program_token
from tests.saraban.office import OFFICER, SECRETS
from tests.saraban.web import papers
from tests.saraban.web.desk import token_of
from tests.saraban.web.seed import SECOND, SECRET, TOWN_OFFICER, waiting

_ABOUT = re.compile(r"\{(entry_id|letter_id|delivery_id)\}")
_LOOKING = {"reading", "web_session", "once", "api_token"}
_FIELDS = {
    "reason": "x", "words": "x", "to": SECOND, "unit": "local", "how": "noted", "subject": "x",
    "relation": "cites", "kind": "returned", "told": "1", "result": "x", "spoke_to": "x",
    "tray": new_id(), "number": "next", "secrecy": "ลับมาก", "grade": "ลับมาก", "way": "post",
    "from_text": "x",
}  # fmt: skip


@dataclass(frozen=True)
class Secrets:
    """Letters with a marking: registered, sent, a number reserved; one waits, one is a draft."""

    entries: tuple[str, ...]
    letters: tuple[str, ...]
    delivery: int
    place: str
    ordinary: str


@pytest.fixture
def secrets(desk) -> Secrets:
    office = desk.office
    letter, draft = papers.lay(office, f"[ลับ] {papers.SUBJECT}"), office.draft("ร่างลับ")
    received = papers.register(office, letter, SECRETS)
    ordinary = papers.register(office, papers.lay(office, "เรื่องธรรมดา", number="มท ๐๘๑๐/๒"))
    with desk.runtime.database.write() as session:
        sent = session.scalars(select(EntryRow.id).where(EntryRow.book == "sent")).first()
        delivery = session.scalars(select(DeliveryRow).where(DeliveryRow.entry_id == sent)).first()
        phrae = directory.entity_by_code(session, "phrae")
        held = slip.reserve(session, desk.runtime.desk, phrae, SECRETS)
        ids = (received.id, sent, held.id)
        marked = EntryRow.id.in_(ids)
        session.execute(update(EntryRow).where(marked).values(secrecy="ลับ"))
        theirs = select(EntryRow.letter_id).where(marked)
        of_them = LetterRow.id.in_(theirs) | (LetterRow.id == draft)
        session.execute(update(LetterRow).where(of_them).values(secrecy="ลับ"))
        found = delivery.id
    place = f"รับ/ลับ {received.number}/{received.year}"
    return Secrets(ids, (waiting(office, SECRET).id, draft), found, place, ordinary.id)


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
    for path in page_acts(secrets):
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


def page_acts(secrets):
    """Give the path of every form of a page that is about a letter, for each of the letters."""
    routes = [route for router in routers() for route in router.routes]
    found = [one.path for one in routes if "POST" in one.methods and _ABOUT.search(one.path)]
    assert len(found) > 20
    return [path for one in found for path in filled(one, secrets)]


def program_acts(desk, secrets):
    """Give method, path and body of every act of the API that is about a letter."""
    document = openapi(make_api(desk.runtime))
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
    name = _ABOUT.search(path)[1]
    return [path.replace(f"{{{name}}}", str(one)) for one in ids[name]]


def without_ids(path, secrets):
    """Give the path without the id, to tell routes from one another."""
    for one in (*secrets.entries, *secrets.letters, str(secrets.delivery)):
        path = path.replace(f"/{one}", "/…")
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
