"""What is written about the project is true for what the code does now."""

import re
from importlib.resources import files as resources

import pytest

from saraban.config.describe import render, sample
from tests.house.sources import ROOT, files, read

REQUIRED = (
    "README.md", "README.th.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE",
    "docs/CONFIG.md", "docs/GLOSSARY.md", "docs/REGULATION.md",
)  # fmt: skip


@pytest.mark.parametrize("name", REQUIRED)
def test_the_documents_that_people_look_for_are_there(name):
    assert (ROOT / name).is_file()


def test_every_setting_is_documented_as_the_code_has_it():
    assert read_root("docs/CONFIG.md") == render()


def test_the_sample_configuration_is_the_one_that_the_code_describes():
    shipped = resources("config") / "saraban.sample.toml"
    assert shipped.read_text("utf-8") == sample()


def test_the_changelog_has_a_place_for_what_is_not_released_yet():
    assert re.search(r"^## \[?Unreleased\]?", read_root("CHANGELOG.md"), re.MULTILINE)


def test_the_thai_readme_has_the_sections_of_the_english_one():
    english, thai = (_headings(read_root(name)) for name in ("README.md", "README.th.md"))
    assert [level for level, _ in thai] == [level for level, _ in english]


def test_links_between_documents_lead_somewhere():
    dead = [
        f"{path}: {target}"
        for path in files()
        if path.suffix == ".md"
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", read(path))
        if not (ROOT / path.parent / target).exists()
    ]
    assert dead == []


def read_root(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def _headings(text: str) -> list[tuple[int, str]]:
    """Level and words of each heading, code blocks left out."""
    prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    return [(len(m[1]), m[2]) for m in re.finditer(r"^(#+) (.+)$", prose, re.MULTILINE)]
