"""Tests read as sentences, stand where their subject stands, never sleep and never skip."""

import ast
from pathlib import Path

from tests.house.sources import ROOT, functions, modules, tree

ELSEWHERE = {"fuzz", "house", "journeys", "servers", "samples", "fakes"}
"""Folders whose tests are about no single module."""

BESIDE = {Path("registry/desk_out"): Path("registry/desk")}
"""The desk's way out is tested in a folder of its own, since it begins from another office."""

TESTS = tuple(path for path in modules("tests") if path.name.startswith("test_"))
ASIDE = {"skip", "skipif", "xfail", "importorskip"}


def test_a_test_module_stands_where_its_subject_stands():
    """tests/registry/desk/test_x.py is about something in registry/desk."""
    homeless = [
        str(path)
        for path in TESTS
        if path.parts[1] not in ELSEWHERE and not _subject_folder(path).is_dir()
    ]
    assert homeless == []


def test_a_test_is_named_by_a_sentence():
    labels = [
        f"{path}: {node.name}"
        for path in TESTS
        for node in functions(path)
        if node.name.startswith("test_") and node.name.count("_") < 3
    ]
    assert labels == []


def test_nothing_sleeps_and_hopes():
    """Tests wait for a condition, by tests.servers.waiting; only that may let time pass."""
    sleeps = [
        f"{path}:{node.lineno}"
        for path in modules("tests", "benchmarks")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and _name(node.func) == "sleep" and not _yields(node)
    ]
    assert [place for place in sleeps if not place.startswith("tests/servers/waiting.py:")] == []


def test_no_test_is_set_aside():
    """What is missing on a machine is named and stops the run; it does not hide a test."""
    aside = [
        f"{path}:{node.lineno}"
        for path in modules("tests")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in ASIDE
    ]
    assert aside == []


def test_every_folder_of_tests_is_a_package():
    """Without it, tests/registry would hide the package registry from imports."""
    bare = {path.parent for path in TESTS if not (ROOT / path.parent / "__init__.py").is_file()}
    assert bare == set()


def _subject_folder(path: Path) -> Path:
    """Give the package; a big one may have its tests in several folders: desk and desk_out."""
    folder = ROOT.joinpath(*path.parts[1:-1])
    return folder.with_name(folder.name.removesuffix("_out"))


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _yields(call: ast.Call) -> bool:
    """``sleep(0)`` lets the other tasks run and takes no time."""
    return [ast.unparse(argument) for argument in call.args] == ["0"]
