"""The OpenAPI document: what FastAPI knows of the handlers, and what all of them have in common.

Every operation may answer with a problem (RFC 9457); which statuses are likely is told for each, so
that a client made from the document knows them. Nothing here depends on data: the document is
public.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from saraban.api.problems import KINDS, Problem

TITLE: Final = "ระบบสารบรรณ (saraban)"
ABOUT: Final = (
    "Letters, books and acts of one office. Times are ISO 8601 of Bangkok, `year` is พ.ศ., sizes "
    "are bytes; keys of entries and letters are those of docs/JSON.md. Send a token as "
    "`Authorization: Bearer`. Requests that change something take `Idempotency-Key`; sent again "
    "they are not done again. Lists are read by `cursor`. See docs/API.md."
)
_ALWAYS: Final = (401, 403, 422, 429, 503)
_CHANGES: Final = (404, 409, 412, 413, 428)
_PROBLEM: Final = {"$ref": "#/components/schemas/Problem"}
_METHODS: Final = frozenset({"get", "post", "put", "patch", "delete"})


def openapi(app: FastAPI) -> dict[str, Any]:
    """Make the document once."""
    if app.openapi_schema is None:
        made = get_openapi(title=TITLE, version="1", description=ABOUT, routes=app.routes)
        made["servers"] = [{"url": "/api/v1"}]
        shapes = made["components"]["schemas"]
        for name in ("HTTPValidationError", "ValidationError"):
            shapes.pop(name, None)
        shapes.update(_problem_shapes())
        for path, item in made["paths"].items():
            for method, operation in item.items():
                if method in _METHODS:
                    _add_problems(path, method, operation)
        app.openapi_schema = made
    return app.openapi_schema


def allowed(app: FastAPI, path: str) -> str:
    """Name the methods of a path, which may have several handlers (RFC 9110 §10.2.1)."""
    found: set[str] = set()
    for known, item in openapi(app)["paths"].items():
        if re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", known), path):
            found |= {method.upper() for method in item if method in _METHODS}
    return ", ".join(sorted(found))


def _problem_shapes() -> Mapping[str, Any]:
    shape = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    inner = shape.pop("$defs", {})
    return {"Problem": shape, **inner}


def _add_problems(path: str, method: str, operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    responses.pop("422", None)
    likely = {*_ALWAYS, *(_CHANGES if method != "get" else ()), *((404,) if "{" in path else ())}
    if sent := operation.get("requestBody", {}).get("content", {}):
        likely.add(415 if "application/octet-stream" in sent else 400)
    for status in sorted(likely):
        responses[str(status)] = {
            "description": KINDS[status][0],
            "content": {"application/problem+json": {"schema": _PROBLEM}},
        }
