"""Every act that is recorded has the office's word."""

import ast
import re
from collections.abc import Iterator

from registry import looks, movements, witness
from registry.acts import ACTS, act_in_words
from registry.desk import breaker
from tests.house.sources import ROOT

_WRITES = re.compile(r"record|_journal|_note|_write_down|_line")
_ACT = re.compile(r"[a-z]+(-[a-z]+)+")


def recorded() -> Iterator[str]:
    """Give the acts that stand in calls which write the journal."""
    for package in ("registry", "gateway", "saraban"):
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and _WRITES.fullmatch(_name(node.func)):
                    yield from _acts(node)


def _name(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")


def _acts(call: ast.Call) -> Iterator[str]:
    for place, given in enumerate(call.args):
        if isinstance(given, ast.Constant) and isinstance(given.value, str):
            third = ast.unparse(call.func) == "journal.record" and place == 2
            if third or _ACT.fullmatch(given.value):
                yield given.value


def test_every_act_that_is_recorded_has_a_thai_word():
    made = {witness.ACT, looks.ACT, breaker.WITHHELD, *movements._ACTS.values()}
    made |= {f"job-{one}" for one in ("dropped", "withdrawn")} | {"letter-hold", "letter-release"}
    found = set(recorded())
    assert {"registered", "reminded"} & found
    assert (found | made) - ACTS.keys() == set()


def test_an_act_of_another_version_is_its_own_word():
    assert act_in_words("reminded") == "ส่งอีเมลติดตาม"
    assert act_in_words("set-sail") == "set-sail"
