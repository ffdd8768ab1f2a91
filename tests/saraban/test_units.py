"""The units for systemd and the alerts for Prometheus, as they are shipped."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import config
from saraban.cli.main import COMMANDS
from saraban.metrics.families import COUNTERS

SHIPPED = Path(config.__file__).parent
UNITS = sorted((SHIPPED / "systemd").iterdir())
SERVICES = [path for path in UNITS if path.suffix == ".service"]
PROGRAM = "/opt/saraban/bin/saraban"
METRICS = Path(sys.modules["saraban.metrics.families"].__file__ or "").parent


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The units in a folder, with a program that is there."""
    for path in UNITS:
        text = path.read_text(encoding="utf-8").replace(PROGRAM, "/bin/true")
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    return tmp_path


def analyze(*words: str) -> "subprocess.CompletedProcess[str]":
    command = ["systemd-analyze", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_systemd_understands_every_line(installed: Path):
    done = analyze("verify", *(str(installed / path.name) for path in UNITS))
    ours = [line for line in done.stderr.splitlines() if str(installed) in line]
    assert (done.returncode, ours) == (0, [])


@pytest.mark.parametrize("service", SERVICES, ids=lambda path: path.name)
def test_a_service_has_few_rights(installed: Path, service: Path):
    """Exposure as systemd reckons it, in tenths: below 2.0 of 10."""
    unit = str(installed / service.name)
    done = analyze("security", "--offline=true", "--threshold=20", unit)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("service", SERVICES, ids=lambda path: path.name)
def test_a_service_starts_a_command_that_there_is(service: Path):
    text = service.read_text(encoding="utf-8")
    (line,) = re.findall(r"^ExecStart=(.*)$", text, re.MULTILINE)
    words = " ".join(shlex.split(line)).split()
    assert words[words.index(PROGRAM) + 1] in COMMANDS


def test_reload_is_sighup_and_ready_is_told():
    text = (SHIPPED / "systemd" / "saraban.service").read_text(encoding="utf-8")
    assert "\nExecReload=/bin/kill -HUP $MAINPID\n" in text
    assert "\nType=notify\n" in text


def test_alerts_ask_for_figures_that_there_are():
    alerts = (SHIPPED / "prometheus" / "alerts.yml").read_text(encoding="utf-8")
    sources = "".join(path.read_text(encoding="utf-8") for path in METRICS.glob("*.py"))
    known = set(re.findall(r'"(saraban_[a-z_]+)"', sources)) | set(COUNTERS)
    asked = set(re.findall(r"\bsaraban_[a-z_]+", alerts))
    assert len(asked) >= 10
    assert asked <= known
