"""The page that tells people of the API: made of the OpenAPI document, without script."""

from collections.abc import Mapping
from typing import Any

from saraban.api.problems import KINDS
from saraban.web import render

_JSON = "application/json"


def page(spec: Mapping[str, Any]) -> str:
    """Give the page as HTML."""
    template = render.environment().get_template("api_docs.html")
    return template.render(spec=spec, kinds=KINDS, body_of=_body, said_of=_said)


def _body(spec: Mapping[str, Any], operation: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give the schema of what is sent, {} for none and for files."""
    content = operation.get("requestBody", {}).get("content", {})
    name = content.get(_JSON, {}).get("schema", {}).get("$ref", "").rpartition("/")[2]
    found: Mapping[str, Any] = spec["components"]["schemas"].get(name, {})
    return found


def _said(field: Mapping[str, Any]) -> str:
    """Say in one line what may stand in a field."""
    kinds = field.get("anyOf") or [field]
    said = [_kind(one) for one in kinds if one.get("type") != "null"]
    told = field.get("description", "")
    return " · ".join(filter(None, (", ".join(said), told)))


def _kind(one: Mapping[str, Any]) -> str:
    if "enum" in one:
        return " | ".join(f"“{value}”" for value in one["enum"])
    if one.get("type") == "array":
        return f"list of {_kind(one['items'])}"
    return str(one.get("format") or one.get("type") or one.get("$ref", "").rpartition("/")[2])
