"""Counters that outlive their process and are added up over all of them."""

import subprocess
import sys
from pathlib import Path

from registry.counters import read_all

PROGRAM = """
import sys
from pathlib import Path
from registry.counters import count, start_counting
start_counting(Path(sys.argv[1]), "smtp")
for _ in range(int(sys.argv[2])):
    count("saraban_letters_accepted_total", listener="mx")
count("saraban_bytes_total", 2.5)
print("counted", flush=True)
sys.stdin.read()
"""


def begin(folder: Path, times: int) -> "subprocess.Popen[str]":
    """Start a process that counts so many times and then waits to be ended."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(folder), str(times)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "counted\n"
    return process


def end(process: "subprocess.Popen[str]") -> None:
    process.kill()
    process.communicate()


def test_what_a_killed_process_counted_is_there_and_the_next_one_goes_on(tmp_path: Path):
    for _ in range(2):
        end(begin(tmp_path, 3))
    assert read_all(tmp_path) == {
        ("saraban_letters_accepted_total", (("listener", "mx"),)): 6,
        ("saraban_bytes_total", ()): 5,
    }
    assert len(list((tmp_path / "run" / "metrics").iterdir())) == 1


def test_two_processes_of_a_role_count_apart_and_are_added(tmp_path: Path):
    both = [begin(tmp_path, 3), begin(tmp_path, 4)]
    found = read_all(tmp_path)
    for process in both:
        end(process)
    assert found["saraban_letters_accepted_total", (("listener", "mx"),)] == 7
    assert len(list((tmp_path / "run" / "metrics").iterdir())) == 2


def test_a_damaged_file_is_passed_over(tmp_path: Path):
    folder = tmp_path / "run" / "metrics"
    folder.mkdir(parents=True)
    (folder / "smtp-0.counters").write_bytes(b"\x00\xff" * 100)
    assert read_all(tmp_path) == {}


def test_more_counters_than_there_is_room_for_harm_nobody(tmp_path: Path):
    program = PROGRAM.replace('count("saraban_bytes_total", 2.5)', "")
    program = program.replace('listener="mx"', "listener=str(_)")
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path), "600"],
        input="", capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == "counted\n"
    assert len(read_all(tmp_path)) == 511
