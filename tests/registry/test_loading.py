"""A process whose collector rested while it loaded its modules is an ordinary one after that."""

import subprocess
import sys

from registry import loading


def told(program):
    """Give what a Python of its own prints."""
    command = [sys.executable, "-c", f"import gc; from registry import loading; {program}"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()


def test_the_collector_rests_until_all_is_loaded():
    asked = "print(gc.isenabled())"
    program = f"loading.begin(); {asked}; loading.loaded(); {asked}; print(gc.get_freeze_count())"
    resting, working, kept = told(program)
    assert (resting, working) == ("False", "True")
    assert int(kept) > 1000


def test_what_is_made_afterwards_is_collected():
    program = "loading.begin(); loading.loaded(); ring = []; ring.append(ring); del ring"
    assert told(f"{program}; print(gc.collect() > 0)") == ["True"]


def test_who_never_began_is_left_alone():
    assert told("loading.loaded(); print(gc.isenabled(), gc.get_freeze_count())") == ["True", "0"]


def test_a_command_runs_main_of_its_module_with_the_numbers_it_was_given():
    assert loading.command("registry.texts.child", 5, 10)[-1].endswith("main(5, 10)")
