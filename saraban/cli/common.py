"""What the commands share: the configuration option, the runtime, and how things are printed.

Data goes to stdout, as a table for people or as JSON for programs; words about what was done go
to stderr, so that ``--json`` output is never mixed with them.
"""

import functools
import json
import shutil
import sys
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import click

from registry.thai.layout import cut, display_width, pad, table
from saraban.config.load import find, load
from saraban.runtime import OfficeRuntime

_LONGEST = 4000  # columns of one value; letters come from strangers
Command = TypeVar("Command", bound=Callable[..., Any])


def with_runtime(command: Command) -> Command:
    """Give a command ``--config`` and, as first argument, the runtime that it names.

    Whoever ``--by`` names must still serve: the chore that ends terms may not have run yet.
    """

    @click.option("--config", metavar="PATH", help="saraban.toml; else SARABAN_CONFIG.")
    @functools.wraps(command)
    def wrapper(*args: Any, config: str | None, **kwargs: Any) -> Any:
        runtime = open_runtime(config)
        try:
            if by := kwargs.get("by"):
                _must_serve(runtime, by)
            return command(runtime, *args, **kwargs)
        finally:
            runtime.close()

    return wrapper  # type: ignore[return-value]


def open_runtime(config: str | None) -> OfficeRuntime:
    """Read the configuration and make the runtime of this process."""
    return OfficeRuntime.of(load(find(config)))


def _must_serve(runtime: OfficeRuntime, by: str) -> None:
    from registry.accounts.officers import must_serve

    with runtime.database.read() as session:
        must_serve(session, by, runtime.clock.now())


def _not_empty(_ctx: click.Context, _option: click.Parameter, text: str) -> str:
    if not text.strip():
        raise click.BadParameter("โปรดเขียนเหตุผล เพราะจะเก็บไว้ในทะเบียนถาวร")
    return text.strip()


YEARS = click.IntRange(2400, 2799)
"""Years are พ.ศ.; one of ค.ศ. is a slip."""
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
acting = click.option("--by", metavar="EMAIL", required=True, help="Officer who acts.")
reason = click.option(
    "--reason", required=True, callback=_not_empty, help="Why; it is kept for good."
)
entity_option = click.option("--entity", "owner", metavar="CODE", help="Code of the hosted entity.")


def emit(data: Any) -> None:
    """Print JSON, readable and in Thai letters."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def show(rows: Iterable[Iterable[str]], headers: Iterable[str], empty: str) -> None:
    """Print an aligned table, or the sentence that says what would stand there.

    A terminal gets lines that fit it; a file or pipe gets everything.
    """
    lines = [list(row) for row in rows]
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    click.echo(table(lines, list(headers), width=width) if lines else empty)


def show_facts(facts: Iterable[tuple[str, str]]) -> None:
    """Print names and values under each other; empty values are left out."""
    rows = [(name, value) for name, value in facts if value]
    width = max((display_width(name) for name, _ in rows), default=0)
    for name, value in rows:
        click.echo(f"{pad(name, width)}  {cut(value, _LONGEST)}")


def say(text: str) -> None:
    """Tell the person at the terminal what was done."""
    click.echo(text, err=True)
