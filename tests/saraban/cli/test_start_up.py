"""A command starts quickly: it loads nothing that it does not use."""

import os
import subprocess
import sys

import pytest

HEAVY = (
    "aiosmtpd", "alembic", "argon2", "cryptography", "dkim", "dns", "fpdf", "holidays",
    "imapclient", "jinja2", "magic", "psycopg", "pypdf", "segno", "starlette", "uvicorn",
)  # fmt: skip


def loaded(office, *command):
    """Run a command in a process of its own and give the heavy libraries that it loaded."""
    program = (
        "import sys; from saraban.cli.main import cli\n"
        "try: cli(sys.argv[1:], standalone_mode=False)\n"
        "except SystemExit: pass\n"
        f"print(*sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *command],
        env=os.environ | {"SARABAN_CONFIG": str(office.config)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stderr.split()


@pytest.mark.parametrize(
    "command",
    [
        ("entity", "list"),
        ("register", "list"),
        ("queue", "list"),
        ("letter", "waiting"),
        ("proof",),
    ],
)
def test_looking_at_the_books_loads_no_mail_web_pdf_or_migration_code(office, command):
    assert loaded(office, *command) == []


def test_help_does_not_even_load_the_database_library(office):
    program = (
        "import sys; from saraban.cli.main import cli\n"
        "try: cli(['--help'])\n"
        "finally: print('sqlalchemy' in sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stderr.split() == ["False"]
