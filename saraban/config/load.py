"""Reading ``saraban.toml`` and the environment into frozen settings.

Every key can also be given as ``SARABAN__SECTION__KEY`` in the environment: a TOML literal, or
else plain text; ``SARABAN__RELAY__HOST`` sets the default relay. The environment wins. An unknown
section or key, a value of the wrong kind or an impossible choice stops the program with one line
that names it: a misspelt key must never quietly mean the default.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from gateway.settings import GatewaySettings
from registry.errors import OutOfOrder
from registry.settings import OfficeSettings
from saraban.config.sections import CHOICES, MANY, SINGLE, OidcSettings, Settings, WebSettings

PREFIX = "SARABAN__"


class BadConfig(OutOfOrder):
    """The configuration cannot be used as it is written."""

    thai = "ไฟล์ตั้งค่า saraban.toml ใช้ไม่ได้ โปรดแก้ตามที่ระบุแล้วสั่งใหม่"


def find(given: str | None) -> Path:
    """Give the path of the configuration: the option, SARABAN_CONFIG, or ./saraban.toml."""
    path = Path(given or os.environ.get("SARABAN_CONFIG") or "saraban.toml")
    if path.is_dir():
        path /= "saraban.toml"
    if not path.is_file():
        raise BadConfig(
            f"no configuration at {path}: give --config PATH, or run 'saraban init DIR'"
        )
    return path.resolve()


def load(path: Path, environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the file and the environment. Raises :class:`BadConfig`."""
    try:
        text = path.read_text(encoding="utf-8")
        raw = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadConfig(f"{path}: {error}") from error
    return build(raw, path, environ)


def build(raw: dict[str, Any], path: Path, environ: Mapping[str, str]) -> Settings:
    """Make settings of a parsed file; relative paths are taken from its folder."""
    sections = {name: _table(name, value) for name, value in raw.items()}
    for (section, key), value in _from_environment(environ):
        if section in MANY:
            sections.setdefault(section, [{}])
            _default_table(sections[section])[key] = value
        else:
            sections.setdefault(section, {})[key] = value
    made: dict[str, Any] = {}
    for name, value in sections.items():
        if name in SINGLE:
            made[name] = _fill(name, SINGLE[name], value)
        else:
            made[name] = tuple(_fill(name, MANY[name], one) for one in value)
    made["instance"] = _place(made.get("instance") or SINGLE["instance"](), path)
    return Settings(
        office=OfficeSettings(**_pick(made, OfficeSettings)),
        gateway=GatewaySettings(**_pick(made, GatewaySettings)),
        web=made.get("web", WebSettings()),
        oidc=made.get("oidc", OidcSettings()),
        path=path,
    )


def _table(name: str, value: Any) -> Any:
    if name in SINGLE and isinstance(value, dict):
        return dict(value)
    if name in MANY and isinstance(value, list) and all(isinstance(one, dict) for one in value):
        return [dict(one) for one in value]
    if name in SINGLE or name in MANY:
        wanted = f"[{name}]" if name in SINGLE else f"[[{name}]]"
        raise BadConfig(f"{name} must be a section written as {wanted}")
    raise BadConfig(f"unknown section [{name}]; there are {', '.join([*SINGLE, *MANY])}")


def _default_table(tables: list[dict[str, Any]]) -> dict[str, Any]:
    """Give the table without an entity of its own, made if need be."""
    for table in tables:
        if not table.get("entity"):
            return table
    tables.append({})
    return tables[-1]


def _from_environment(environ: Mapping[str, str]) -> list[tuple[tuple[str, str], Any]]:
    found = []
    for name in sorted(environ):
        if name.startswith(PREFIX):
            section, _, key = name.removeprefix(PREFIX).lower().partition("__")
            if section not in SINGLE and section not in MANY:
                raise BadConfig(f"{name}: there is no section [{section}]")
            found.append(((section, key), _literal(environ[name])))
    return found


def _literal(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _fill(section: str, kind: type[Any], values: dict[str, Any]) -> Any:
    hints = get_type_hints(kind)
    known = {f.name for f in fields(kind)}
    for key in values:
        if key not in known:
            raise BadConfig(f"[{section}] has no key {key}; it has {', '.join(sorted(known))}")
    made = {key: _value(section, key, hints[key], given) for key, given in values.items()}
    try:
        return kind(**made)
    except ValueError as error:
        raise BadConfig(f"[{section}] {error}") from error


def _value(section: str, key: str, kind: Any, given: Any) -> Any:
    choices = CHOICES.get((section, key))
    if choices and given not in choices:
        raise BadConfig(f"[{section}] {key} must be one of {', '.join(choices)}, not {given!r}")
    if get_origin(kind) is tuple and isinstance(given, list):
        return tuple(_value(section, key, get_args(kind)[0], one) for one in given)
    if kind is Path and isinstance(given, str):
        return Path(given).expanduser()
    if kind is float and isinstance(given, int) and not isinstance(given, bool):
        return float(given)
    is_plain = isinstance(kind, type) and isinstance(given, kind)
    if is_plain and not (kind is int and isinstance(given, bool)):
        return given
    if kind is str and not isinstance(
        given, (dict, list)
    ):  # a date, or digits from the environment
        return str(given)
    raise BadConfig(f"[{section}] {key} must be {_name(kind)}, not {given!r}")


def _name(kind: Any) -> str:
    names = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}
    return names.get(kind, "a list of texts")


def _place(instance: Any, path: Path) -> Any:
    """Anchor the data folder: relative to the file, by default the folder of the file."""
    folder = path.parent / instance.data_dir
    return type(instance)(
        hostname=instance.hostname, public_url=instance.public_url, data_dir=folder.resolve()
    )


def _pick(made: dict[str, Any], kind: type[Any]) -> dict[str, Any]:
    return {f.name: made[f.name] for f in fields(kind) if f.name in made}
