"""What is installed is exactly what was looked at: pinned, hashed, and asked for by name."""

import re
import tomllib

from tests.house.sources import ROOT

REQUIREMENT = re.compile(r"^([a-z0-9._-]+)==(\S+) \\$")


def _pinned() -> dict[str, list[str]]:
    """Read constraints.txt: the hashes of each distribution."""
    pinned: dict[str, list[str]] = {}
    name = ""
    for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines():
        if match := REQUIREMENT.match(line):
            name = match[1]
        elif "--hash=sha256:" in line:
            pinned.setdefault(name, []).append(line.split(":")[1].removesuffix(" \\"))
    return pinned


def _asked_for() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    asked = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    for extra in project["project"]["optional-dependencies"].values():
        asked += extra
    return {re.split(r"[^\w.-]", requirement)[0].lower() for requirement in asked}


def test_whatever_the_project_asks_for_is_pinned():
    assert _asked_for() - set(_pinned()) == set()


def test_every_line_of_the_constraints_is_a_pin_a_hash_or_a_comment():
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    shape = re.compile(rf"{REQUIREMENT.pattern}|^    --hash=sha256:[0-9a-f]{{64}}( \\)?$|^ *#|^$")
    assert [line for line in lines if not shape.match(line)] == []


def test_every_pin_has_a_hash():
    pins = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if "==" in line]
    assert len(pins) == len(_pinned())


def test_every_rule_that_ruff_leaves_out_has_its_reason_beside_it():
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    rules = re.findall(r'^    "[A-Z]+[0-9]*",(.*)$', text, re.MULTILINE)
    assert rules
    assert [rule for rule in rules if not rule.strip().startswith("# ")] == []
