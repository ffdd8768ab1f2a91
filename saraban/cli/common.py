"""What the commands share: the configuration option, the runtime, and how things are printed.

Data goes to stdout, as a table for people or as JSON for programs; words about what was done go
to stderr, so that ``--json`` output is never mixed with them.
"""

import functools
import json
import logging
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import click
from sqlalchemy.orm import Session

from gateway.service import Runtime
from registry import directory
from registry.errors import NotAllowed, NotFound
from registry.letter.entity import LegalEntity, Role
from registry.thai.layout import display_width, pad, table
from saraban.config.load import find, load

Command = TypeVar("Command", bound=Callable[..., Any])


def with_runtime(command: Command) -> Command:
    """Give a command ``--config`` and, as first argument, the runtime that it names."""

    @click.option("--config", metavar="PATH", help="saraban.toml; else SARABAN_CONFIG.")
    @functools.wraps(command)
    def wrapper(*args: Any, config: str | None, **kwargs: Any) -> Any:
        runtime = open_runtime(config)
        try:
            return command(runtime, *args, **kwargs)
        finally:
            runtime.close()

    return wrapper  # type: ignore[return-value]


def open_runtime(config: str | None) -> Runtime:
    """Read the configuration and make the runtime of this process."""
    settings = load(find(config))
    return Runtime(settings.office, settings.gateway)


as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
by = click.option("--by", metavar="EMAIL", default="admin", show_default=True, help="Who acts.")
acting = click.option("--by", metavar="EMAIL", required=True, help="Officer who acts.")
reason = click.option("--reason", required=True, help="Why; it is kept for good.")


secrets_for = click.option(
    "--as", "cleared", metavar="EMAIL", help="Officer cleared for secret letters who is reading."
)


def emit(data: Any) -> None:
    """Print JSON, readable and in Thai letters."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def show(rows: Iterable[Iterable[str]], headers: Iterable[str], empty: str) -> None:
    """Print an aligned table, or the sentence that says what would stand there."""
    lines = [list(row) for row in rows]
    click.echo(table(lines, list(headers)) if lines else empty)


def show_facts(facts: Iterable[tuple[str, str]]) -> None:
    """Print names and values under each other; empty values are left out."""
    rows = [(name, value) for name, value in facts if value]
    width = max((display_width(name) for name, _ in rows), default=0)
    for name, value in rows:
        click.echo(f"{pad(name, width)}  {value}")


def say(text: str) -> None:
    """Tell the person at the terminal what was done."""
    click.echo(text, err=True)


def log_to_stderr(level: int = logging.INFO) -> None:
    """Write log lines with time and process, for services."""
    logging.basicConfig(
        level=level, format="%(asctime)s %(name)s[%(process)d] %(levelname)s %(message)s"
    )
    # aiosmtpd and imapclient write content of letters at DEBUG.
    for name in ("mail.log", "imapclient"):
        logging.getLogger(name).setLevel(logging.WARNING)


def hosted_entity(session: Session, code: str | None) -> LegalEntity:
    """Give the hosted entity of this code; without a code, the only one there is.

    Raises NotFound when there is none or the choice is not clear.
    """
    hosted = directory.hosted(session)
    found = [one for one in hosted if code is None or one.code == code.casefold()]
    if len(found) == 1:
        return found[0]
    codes = " ".join(one.code for one in hosted)
    raise NotFound(
        f"name one hosted entity with --entity: {codes or 'there is none yet'}",
        thai=f"โปรดระบุหน่วยงานด้วย --entity: {codes or 'ยังไม่มีหน่วยงานในระบบนี้'}",
    )


def may_read_secrets(session: Session, own: LegalEntity | None, email: str | None) -> bool:
    """Say whether this officer may see secret lines; reading them is not anonymous.

    Raises NotAllowed for an officer who is not the entity's officer of secret letters.
    """
    if email is None:
        return False
    officer = directory.officer_by_email(session, email)
    cleared = officer is not None and officer.role is Role.SECRET_OFFICER and not officer.disabled
    if not cleared or (own is not None and officer and officer.entity_code != own.code):
        raise NotAllowed(f"{email} is not cleared for secret letters there")
    return True
