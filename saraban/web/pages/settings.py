"""การตั้งค่า: every setting with its value and its meaning, to be read; the file is changed by hand.

Values are those of this process. What is secret is never shown: passwords in addresses are struck
out, and of files that hold keys or passwords only the name stands here.
"""

from dataclasses import fields
from pathlib import PurePath
from typing import Any, Final

from fastapi import APIRouter
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from starlette.responses import Response

from saraban.config.describe import default_of, toml
from saraban.config.sections import MANY, SINGLE
from saraban.config.thai import meanings
from saraban.web.viewer import Act
from saraban.web.visit import Visit, Visitor

router = APIRouter()

_SECRET: Final = ("password", "secret", "token", "key")
_HIDDEN: Final = "(ไม่แสดง)"


@router.get("/settings")
def settings(visit: Visitor) -> Response:
    """Show all sections."""
    visit.must(Act.OPERATE)
    found = [(name, meanings()[name][""], _rows(name, one)) for name, _, one in _sections(visit)]
    return visit.page("settings", sections=found)


def shown(name: str, value: Any) -> str:
    """Give a value as it stands in the file, without what is secret."""
    if name == "url" and value:
        return _url(str(value))
    is_file = name.endswith(("_file", "_key", "_cert")) or name in {"tls_key", "tls_cert"}
    if any(word in name for word in _SECRET) and not is_file and value:
        return _HIDDEN
    return f'"{value}"' if isinstance(value, PurePath) else toml(value)


def _sections(visit: Visit) -> list[tuple[str, type[Any], Any]]:
    """Give each section that the process has: its name, class and values."""
    runtime = visit.runtime
    holders = (runtime.office, runtime.gateway)
    found: list[tuple[str, type[Any], Any]] = []
    values = [getattr(holder, at.name) for holder in holders for at in fields(holder)]
    values += [runtime.web, runtime.oidc]
    for name, kind in SINGLE.items():
        found.append((name, kind, next(one for one in values if type(one) is kind)))
    for name, kind in MANY.items():
        for value in (getattr(h, at.name) for h in holders for at in fields(h)):
            if isinstance(value, tuple):
                found += [(name, kind, one) for one in value if type(one) is kind]
    return found


def _rows(section: str, values: Any) -> list[tuple[str, str, str, bool]]:
    return [
        (
            at.name, shown(at.name, getattr(values, at.name)), meanings()[section][at.name],
            getattr(values, at.name) != default_of(at),
        )
        for at in fields(values)
    ]  # fmt: skip


def _url(text: str) -> str:
    """Give an address without its password and what stands behind a question mark."""
    try:
        return f'"{make_url(text).set(query={}).render_as_string(hide_password=True)}"'
    except ArgumentError:
        return _HIDDEN
