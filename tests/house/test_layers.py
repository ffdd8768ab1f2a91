"""Arrows point down only: saraban over gateway over registry.

import-linter holds the same for what is imported at the top; these tests also see
imports inside functions and by name, and what a process really loads.
"""

import subprocess
import sys

import pytest

from tests.house.sources import imports, modules, read

ABOVE = {"registry": ("gateway", "saraban"), "gateway": ("saraban",)}
HEAVY = ("alembic", "pypdf", "fpdf", "uharfbuzz", "starlette", "uvicorn", "jinja2", "segno")


@pytest.mark.parametrize("package", ABOVE)
def test_a_lower_package_does_not_know_the_upper_ones(package):
    upward = [
        f"{path}: {name}"
        for path in modules(package)
        for name in imports(path)
        if name.split(".")[0] in ABOVE[package]
    ]
    assert upward == []


def test_no_module_outside_app_names_a_service_to_start():
    """A service's entry is named once, in the table of roles."""
    named = [
        str(path)
        for path in modules("saraban")
        if any(f":run_{role}" in read(path) for role in ("smtp", "worker", "mailq", "links"))
    ]
    assert named == ["saraban/app.py"]


def test_the_office_runs_no_event_loop():
    """Async lives at the edge; the office is plain code that a test can call."""
    assert [str(path) for path in modules("registry") if "asyncio" in imports(path)] == []


def test_the_process_that_faces_port_25_loads_no_web_pdf_or_migration_code():
    """It is the process that strangers reach, and every megabyte counts in each of them."""
    program = f"import gateway.inbound.smtpd, sys; print(*(set({HEAVY!r}) & set(sys.modules)))"
    loaded = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert loaded.stdout.split() == []


def test_the_process_that_reads_letters_loads_no_database_code():
    """It has no database, starts often, and is what a letter may make fall over."""
    program = "import gateway.inbound.reader, sys; print('sqlalchemy' in sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert loaded.stdout.split() == ["False"]
