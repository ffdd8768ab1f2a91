"""schemathesis holds the API against its own OpenAPI document, with requests good and bad.

Each operation of the running API is asked with values made from the document: those at the edges of
what is allowed, those beyond them, and some at random, the same in every run. Nothing may end in a
server error; status, media type and shape must be those that the document names; what the document
forbids must be refused, what it allows must not be, and nothing may be had without a token.

Ids that fit the document are made those of real entries and letters, so that acts are really done.
The headers that all changes share are tried with one operation; tests of their own hold them.
"""

import copy
import itertools
import re
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.checks import load_all_checks
from schemathesis.generation.feedback import FeedbackSources
from schemathesis.pytest._test_builder import build_operation_test
from schemathesis.python._constants.orchestrator import make_constants_value_source
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from gateway.settings import GatewaySettings
from registry.apart import Apart
from registry.settings import OfficeSettings
from saraban.api import spec
from saraban.api.app import make_api
from saraban.runtime import OfficeRuntime

ID = re.compile(r"[a-z2-7]{16}")
HEADERS_TRIED_AT = "/numbers"
ONLY_PEOPLE_CAN_TELL = {
    "/entries/{entry_id}", "/entries/{entry_id}/close", "/letters",
    "/letters/{letter_id}/register", "/papers",
}  # fmt: skip
"""Where 422 tells what no document can: a letter number that is none, a letter for nobody or
without text and file, a matter closed without a word while an order is awaited."""


def document() -> dict[str, Any]:
    """Give the document, its shared headers left out but in one place."""
    runtime = OfficeRuntime(OfficeSettings(), GatewaySettings())
    app = make_api(runtime, Apart("registry.texts.child", 0, 0))
    made = copy.deepcopy(spec.openapi(app))
    for path, item in made["paths"].items():
        for operation in item.values():
            if path != HEADERS_TRIED_AT:
                given = operation.get("parameters", [])
                operation["parameters"] = [one for one in given if one["in"] != "header"]
    return made


load_all_checks()
DOCUMENT = document()
OPERATIONS = [f"{how.upper()} {path}" for path, item in DOCUMENT["paths"].items() for how in item]
schema = schemathesis.openapi.from_dict(DOCUMENT)
schema.config.generation.deterministic = True
schema.config.generation.database = "none"
schema.config.phases.fuzzing.enabled = False
schema.config.phases.coverage.unexpected_methods = {"PUT"}


@pytest.fixture(scope="module")
def ids(api):
    """Ids of entries and letters, round and round."""
    entries = [one["id"] for one in api.get("/entries").json()["items"]]
    letters = [one["id"] for one in api.get("/letters").json()["items"]]
    return {"entry_id": itertools.cycle(entries), "letter_id": itertools.cycle(letters)}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_api_is_what_its_document_says(operation: str, desk, api, ids):
    """What to ask is worked out only here: for all operations it takes longer than to collect."""
    found = schema.find_operation_by_label(operation)
    assert found is not None
    ask = build_operation_test(
        config=schema.config, operation=found, test_func=_asked, given_kwargs={},
        feedback=FeedbackSources(constants_value_source=make_constants_value_source(schema)),
    )  # fmt: skip
    ask(desk=desk, api=api, ids=ids)


@settings(
    max_examples=2, deadline=None, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
def _asked(case: Case, desk, api, ids):
    for name, value in (case.path_parameters or {}).items():
        if name in ids and ID.fullmatch(str(value)):
            case.path_parameters[name] = next(ids[name])
    headers = {"Authorization": api.headers["Authorization"], "If-Match": "*"}
    left_out = [ignored_auth]  # asks everything three times; there is a test of its own below
    left_out += [positive_data_acceptance] if case.path in ONLY_PEOPLE_CAN_TELL else []
    case.call_and_validate(base_url=f"{desk.url}/api/v1", headers=headers, excluded_checks=left_out)


def test_no_operation_does_anything_without_a_token(desk):
    client = desk.browser()
    for path, item in document()["paths"].items():
        place = "/api/v1" + re.sub(r"\{[^}]+\}", "a" * 16, path)
        for method in item:
            asked = client.request(method, place, headers={"Authorization": "Bearer x"})
            assert asked.status_code in {401, 422}, (method, path)
            assert "items" not in asked.json()
