"""A short run of every target; ``make fuzz`` is the long one."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.inputs import INPUTS


@pytest.mark.parametrize("target", INPUTS, ids=lambda target: target.__name__)
@settings(deadline=None, max_examples=60)
@given(draw=st.data())
def test_it_holds_for_some_bytes(target, draw):
    target(draw.draw(INPUTS[target]))


def test_the_long_run_tries_what_it_is_told_and_ends_in_time():
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.run", "--seconds", "1", "parameters", "uuencode"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["parameters", "uuencode"]
