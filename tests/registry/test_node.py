"""The name that tells installations with one host name apart."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from registry.node import node_of


def test_a_folder_keeps_its_name_and_two_folders_have_two(tmp_path: Path):
    here, there = tmp_path / "here", tmp_path / "there"
    assert node_of(here) == node_of(here)
    assert node_of(here) != node_of(there)
    assert len(node_of(here)) == 16


def test_processes_that_start_together_agree_on_one_name(tmp_path: Path):
    with ThreadPoolExecutor(8) as pool:
        names = set(pool.map(node_of, [tmp_path] * 8))
    assert len(names) == 1
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["node"]
