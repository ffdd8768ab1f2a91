"""The project's own files, as the house rules look at them.

Files are those that git would commit, so that a rule also sees what was just written;
without git (an unpacked release) every file outside hidden and build folders counts.
"""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
PACKAGES: Final = ("saraban", "gateway", "registry")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def files() -> tuple[Path, ...]:
    """All files of the project, relative to its root."""
    command = [
        "git",
        "-C",
        str(ROOT),
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]
    listed = subprocess.run(command, check=False, capture_output=True, text=True)
    names = listed.stdout.split("\0") if listed.returncode == 0 else _walk()
    return tuple(sorted(Path(name) for name in names if name and (ROOT / name).is_file()))


@cache
def modules(*tops: str) -> tuple[Path, ...]:
    """The Python files under these top folders, relative to the root; empty ones do not count."""
    found = (path for path in files() if path.suffix == ".py" and path.parts[0] in tops)
    return tuple(path for path in found if read(path).strip())


@cache
def read(path: Path) -> str:
    """The text of a file, given relative to the root."""
    return (ROOT / path).read_text("utf-8")


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(read(path), filename=str(path))


def functions(path: Path) -> Iterator[Function]:
    """All functions of a Python file, methods and inner ones too."""
    for node in ast.walk(tree(path)):
        if isinstance(node, Function):
            yield node


def imports(path: Path) -> Iterator[str]:
    """Names of the modules that a file imports anywhere, also inside functions."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def _walk() -> list[str]:
    inside = (path.relative_to(ROOT) for path in ROOT.rglob("*"))
    hidden = ("build", "dist")
    return [
        str(path)
        for path in inside
        if not any(part.startswith(".") or part in hidden for part in path.parts[:-1])
    ]
