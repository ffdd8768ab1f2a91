"""Scripts, styles and fonts: read once, named by their content, kept by browsers for a year.

The address of a file holds a piece of its SHA-256, so that a new version is fetched at once and an
old one never asked for again. Text is kept compressed. Fonts are those of the download pages
(:mod:`gateway.links`); htmx comes out of a wheel that carries it, of which nothing is imported; the
pictures of the guide (:mod:`saraban.web.guide`) lie beside its texts.
"""

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from registry.errors import OutOfOrder

_OURS: Final = files("saraban.web") / "static"
_PICTURES: Final = files("saraban.web") / "help" / "pictures"
_FONTS: Final = files("gateway.links") / "static" / "fonts"
_KINDS: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
_IN_CSS: Final = re.compile(r"url\(fonts/([\w.-]+)\)")
_YEAR: Final = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is served; ``packed`` is it compressed, b"" for what is so already."""

    name: str
    kind: str
    body: bytes
    packed: bytes
    tag: str

    @property
    def path(self) -> str:
        """Its address."""
        stem, dot, ending = self.name.rpartition(".")
        return f"/static/{stem}.{self.tag}{dot}{ending}"


@cache
def assets() -> dict[str, Asset]:
    """Give all files by name; blocking, and done once. Raises OutOfOrder when htmx is missing."""
    fonts = {name: _asset(name, (_FONTS / name).read_bytes()) for name in _fonts()}
    ours = {
        path.name: path.read_bytes()
        for folder in (_OURS, _PICTURES)
        for path in folder.iterdir()
        if not path.is_dir()
    }

    def named(match: re.Match[str]) -> str:
        return f"url({fonts[match[1]].path})"

    found = {"htmx.js": _asset("htmx.js", _htmx().read_bytes())}
    for name, body in ours.items():
        text = _IN_CSS.sub(named, body.decode()).encode() if name.endswith(".css") else body
        found[name] = _asset(name, text)
    return found | fonts


def path_of(name: str) -> str:
    """Give the address of a file; KeyError for one there is not."""
    return assets()[name].path


def serve(request: Request) -> Response:
    """Answer a request for a file by its address."""
    asked = f"/static/{request.path_params['name']}"
    found = _by_path().get(asked)
    if found is None:
        return Response("ไม่พบไฟล์\n", 404, media_type="text/plain; charset=utf-8")
    headers = {"Cache-Control": _YEAR, "ETag": f'"{found.tag}"', "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == f'"{found.tag}"':
        return Response(status_code=304, headers=headers)
    if found.packed and "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(found.packed, headers=headers, media_type=found.kind)
    return Response(found.body, headers=headers, media_type=found.kind)


@cache
def _by_path() -> dict[str, Asset]:
    return {asset.path: asset for asset in assets().values()}


def _asset(name: str, body: bytes) -> Asset:
    kind = _KINDS[Path(name).suffix]
    packed = b"" if kind.startswith(("font/", "image/webp")) else gzip.compress(body, 9, mtime=0)
    return Asset(name, kind, body, packed, hashlib.sha256(body).hexdigest()[:12])


def _fonts() -> list[str]:
    return sorted(path.name for path in _FONTS.iterdir() if path.name.endswith(".woff2"))


def _htmx() -> Path:
    spec = find_spec("django_htmx")
    if spec is None or spec.origin is None:
        raise OutOfOrder("htmx is missing: install the package django-htmx")
    return Path(spec.origin).parent / "static" / "django_htmx" / "htmx-2.min.js"
