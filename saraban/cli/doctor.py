"""``saraban doctor`` - what is wrong with this installation, one line a check, and what to do."""

import sys

import click

from gateway.service import Runtime
from registry.thai.layout import pad
from saraban.cli.common import as_json, emit, with_runtime
from saraban.doctor.finding import Finding, State

_WORD = max(len(state.thai) for state in State)


@click.command()
@click.option("--dns", is_flag=True, help="Ask name servers about the hosted domains.")
@click.option("--round-trip", is_flag=True, help="Send a mail to ourselves through the relay.")
@as_json
@with_runtime
def doctor(runtime: Runtime, *, dns: bool, round_trip: bool, as_json: bool) -> None:
    """Look at everything; exit 1 if something is not well."""
    from gateway.inbound.resolver import Resolver
    from saraban.doctor.examine import examine

    found: list[Finding] = []
    resolver = Resolver.of(runtime.gateway.trust) if dns else None
    for one in examine(runtime, resolver, round_trip=round_trip):
        found.append(one)
        if not as_json:
            _print(one)
    if as_json:
        emit([one.as_json() for one in found])
    if any(one.state is State.WRONG for one in found):
        sys.exit(1)


def _print(one: Finding) -> None:
    word = click.style(pad(one.state.thai, _WORD), fg=one.state.colour)
    todo = f" → {one.todo}" if one.todo else ""
    click.echo(f"{word}  {one.what}{todo}")
