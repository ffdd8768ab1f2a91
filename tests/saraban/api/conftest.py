"""Programs at the API of the office that the pages' tests use: clients with tokens of their own.

One office is served for all tests of a file: each works with letters of its own, or only reads.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from registry import directory
from registry.accounts import api_tokens
from registry.accounts.api_tokens import Scope
from tests.saraban.office import OFFICER
from tests.saraban.web.desk import WebDesk, copied

PER_MINUTE = 1_000_000


@pytest.fixture(scope="module")
def desk(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebDesk]:
    """จังหวัดแพร่ with its API served."""
    made = WebDesk(copied(seeded, tmp_path_factory.mktemp("api") / "phrae"))
    made.runtime.web = replace(made.runtime.web, api_per_minute=PER_MINUTE)
    with made.serving() as running:
        yield running


def token_of(desk: WebDesk, *scopes: Scope, officer: str = OFFICER, **keys: object) -> str:
    """Make a token of จังหวัดแพร่, or of the officer's own entity; all ordinary scopes if none."""
    wanted = scopes or tuple(set(Scope) - {Scope.SECRET})
    with desk.runtime.database.write() as session:
        who = directory.officer_by_email(session, officer) if officer else None
        entity = directory.entity_by_code(session, who.entity_code if who else "phrae")
        assert entity is not None
        _, secret = api_tokens.issue(
            session, entity, "ระบบแผน", wanted, officer=officer, by="admin",
            at=desk.clock.now(), **keys,
        )  # fmt: skip
    return secret


@pytest.fixture(scope="module")
def program(desk: WebDesk) -> Iterator[Callable[..., httpx.Client]]:
    """Make clients: ``program(Scope.READ, officer=…)``."""
    clients: list[httpx.Client] = []

    def made(*scopes: Scope, officer: str = OFFICER, **keys: object) -> httpx.Client:
        headers = {"Authorization": f"Bearer {token_of(desk, *scopes, officer=officer, **keys)}"}
        clients.append(httpx.Client(base_url=f"{desk.url}/api/v1", headers=headers, timeout=30))
        return clients[-1]

    yield made
    for client in clients:
        client.close()


@pytest.fixture(scope="module")
def api(program: Callable[..., httpx.Client]) -> httpx.Client:
    """A program that may do all that its officer may, but for secret letters."""
    return program()
