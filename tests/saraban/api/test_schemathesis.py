"""schemathesis holds the API against its own OpenAPI document, with requests good and bad.

Each operation of the running API is asked with values made from the document: those at the edges of
what is allowed, those beyond them, and some at random, the same in every run. Nothing may end in a
server error; status, media type and shape must be those that the document names; what the document
forbids must be refused, and nothing may be had without a token.
"""

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import load_all_checks

from gateway.settings import GatewaySettings
from registry.settings import OfficeSettings
from saraban.api import spec
from saraban.api.app import make_api
from saraban.runtime import OfficeRuntime

load_all_checks()
document = spec.openapi(make_api(OfficeRuntime(OfficeSettings(), GatewaySettings())))
schema = schemathesis.openapi.from_dict(document)
schema.config.generation.deterministic = True
schema.config.generation.database = "none"


@pytest.fixture(scope="module")
def headers(desk, api):
    """The token of a program that may do everything ordinary."""
    return {"Authorization": api.headers["Authorization"]}


@schema.parametrize()
@settings(
    max_examples=3, deadline=None, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
def test_the_api_is_what_its_document_says(case, desk, headers):
    case.call_and_validate(base_url=f"{desk.url}/api/v1", headers=headers)
