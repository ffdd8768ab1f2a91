"""Which pages there are: every module of ``pages`` and ``signin`` that names a ``router``.

A new page is a new file; nothing is registered by hand. Modules are taken in the order of their
names, and two that claim one path stop the service.
"""

import pkgutil
from collections.abc import Iterator
from importlib import import_module

from fastapi import APIRouter

from saraban.web import pages, signin


def routers() -> Iterator[APIRouter]:
    """Give the router of every page. Raises ValueError when a path is claimed twice."""
    claimed: dict[tuple[str, str], str] = {}
    for package in (signin, pages):
        for found in pkgutil.iter_modules(package.__path__):
            name = f"{package.__name__}.{found.name}"
            router: APIRouter | None = getattr(import_module(name), "router", None)
            if router is not None:
                _claim(claimed, name, router)
                yield router


def _claim(claimed: dict[tuple[str, str], str], name: str, router: APIRouter) -> None:
    for route in router.routes:
        for method in getattr(route, "methods", None) or ():
            place = (method, getattr(route, "path", ""))
            if claimed.setdefault(place, name) != name:
                raise ValueError(f"{name} and {claimed[place]} both answer {method} {place[1]}")
