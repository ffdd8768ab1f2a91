"""The wheel is enough: installed by itself, it runs from any folder."""

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.house.sources import ROOT, files
from tests.servers import running


def _run(*command: str | Path, folder: Path) -> str:
    """Run a command as a stranger would: no settings in the environment, no source in sight."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    done = subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        env=kept | {"HOME": str(folder), "PYTHONWARNINGS": "error", "PIP_CONFIG_FILE": os.devnull},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(run_folder):
    """The wheel, built once a run, from a copy that leaves nothing in the source folder."""
    source = run_folder / "source"

    def build() -> running.Facts:
        for path in files():
            (source / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / path, source / path)
        build = "from setuptools import build_meta; build_meta.build_wheel('dist')"
        _run(sys.executable, "-c", build, folder=source)
        return {"file": str(next((source / "dist").glob("saraban-*.whl")))}

    return Path(running.once(run_folder, "wheel", build)["file"])


@pytest.fixture(scope="module")
def program(wheel, run_folder):
    """The wheel's command, installed beside the packages that are here but not the source."""
    place = run_folder / "installed"

    def install() -> running.Facts:
        _run(sys.executable, "-m", "venv", "--without-pip", place, folder=run_folder)
        inside = next((place / "lib").glob("python*/site-packages"))
        (inside / "packages.pth").write_text(sysconfig.get_path("purelib") + "\n")
        pip = (sys.executable, "-m", "pip", "--python", place / "bin" / "python", "install")
        _run(*pip, "--quiet", "--no-deps", "--no-index", "--no-compile", wheel, folder=run_folder)
        return {"file": str(place / "bin" / "saraban")}

    return Path(running.once(run_folder, "installed", install)["file"])


def test_the_wheel_carries_every_module_and_every_text_of_the_packages(wheel):
    with zipfile.ZipFile(wheel) as archive:
        carried = set(archive.namelist())
    tops = ("saraban", "gateway", "registry", "migrations", "config")
    assert {str(path) for path in files() if path.parts[0] in tops} - carried == set()


def test_the_wheel_carries_no_tests(wheel):
    with zipfile.ZipFile(wheel) as archive:
        assert not [name for name in archive.namelist() if name.startswith(("tests/", "scripts/"))]


def test_the_installed_command_tells_what_it_can_do(program, tmp_path):
    assert "init" in _run(program, "--help", folder=tmp_path)


def test_the_installed_command_sets_up_an_office_in_any_folder(program, tmp_path):
    """Migrations and the sample configuration come out of the wheel."""
    _run(program, "init", tmp_path / "office", folder=tmp_path)
    assert (tmp_path / "office" / "saraban.toml").is_file()
    assert (tmp_path / "office" / "saraban.db").is_file()
