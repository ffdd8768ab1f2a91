"""Modules are short, say what they are for, and show few names."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

from tests.house.sources import PACKAGES, functions, modules, read, tree

LIMIT = 300
STEPS = Path("migrations/versions")
"""A step of the schema is as long as its tables are many, and is never edited again."""

SHIPPED = modules(*PACKAGES)
OURS = modules(*PACKAGES, "migrations", "config", "scripts", "benchmarks", "tests")
PROSE = re.compile(r"\S+( \S+){2,}[.?:…]$")
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
DEFINED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def test_no_module_is_longer_than_the_limit():
    """One subject a file: a longer one is split on the day it grows, or never."""
    lengths = {str(path): len(read(path).splitlines()) for path in OURS if path.parent != STEPS}
    assert {path: lines for path, lines in lengths.items() if lines > LIMIT} == {}


def test_a_module_opens_with_what_it_is_for():
    """In prose: it ends like a sentence and says more than a label."""
    openings = {str(path): _opening(path) for path in OURS}
    assert {path: first for path, first in openings.items() if not PROSE.match(first)} == {}


def test_whatever_is_public_says_what_it_promises():
    silent = [
        f"{path}:{node.lineno} {node.name}"
        for path in modules(*PACKAGES, "migrations", "config", "scripts")
        for node in _public(tree(path))
        if not ast.get_docstring(node)
    ]
    assert silent == []


def test_the_ordinary_module_is_short():
    lengths = [len(read(path).splitlines()) for path in SHIPPED]
    assert median(lengths) <= 120


def test_the_ordinary_function_is_a_few_lines_and_nine_in_ten_fit_a_glance():
    lengths = [
        (node.end_lineno or node.lineno) - node.lineno + 1
        for path in SHIPPED
        for node in functions(path)
    ]
    assert median(lengths) <= 10
    assert quantiles(lengths, n=10)[-1] <= 25


def test_the_ordinary_module_shows_few_names():
    shown = [
        sum(isinstance(node, DEFINED) and not node.name.startswith("_") for node in tree(path).body)
        for path in SHIPPED
    ]
    assert median(shown) <= 4


def _opening(path: Path) -> str:
    """Give the first paragraph of a module's docstring on one line."""
    docstring = ast.get_docstring(tree(path)) or ""
    return " ".join(docstring.split("\n\n")[0].split())


def _public(node: ast.Module | ast.ClassDef) -> Iterator[Definition]:
    """Find what others may call by its name: classes, functions, and their methods."""
    for inner in node.body:
        if isinstance(inner, DEFINED) and not inner.name.startswith("_"):
            yield inner
            if isinstance(inner, ast.ClassDef):
                yield from _public(inner)
