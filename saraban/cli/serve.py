"""``saraban serve`` - the services, each in a process of its own.

With one role the role runs in this process; with several a supervisor starts a child for each. A
child that loses its database ends and is started again: only what a person must put right (exit
code 3) ends the whole service.
"""

import asyncio
import os
import sys
from pathlib import Path

import click
from sqlalchemy.exc import DBAPIError

from registry.db import database_is_away
from registry.errors import OutOfOrder
from registry.log import start_logging
from saraban import app
from saraban.cli.common import open_runtime
from saraban.config.load import find
from saraban.reload import Reload
from saraban.runtime import OfficeRuntime

TRY_AGAIN = os.EX_TEMPFAIL


@click.command()
@click.option("--config", metavar="PATH", help="saraban.toml; else SARABAN_CONFIG.")
@click.option("--only", metavar="ROLES", default="", help=f"Some of {','.join(app.CHOICES)}.")
def serve(config: str | None, only: str) -> None:
    """Run the services until told to stop."""
    names = _chosen(only)
    path = find(config)
    runtime = open_runtime(str(path))
    roles = app.roles_of(names)
    if len(roles) == 1 and (app.is_child() or not _shares_ports(roles, runtime)):
        start_logging(runtime.office.log, roles[0])
        _run(roles[0], app.narrow(runtime, names), path)
    else:
        start_logging(runtime.office.log, "serve")
        sys.exit(_supervise(roles, path, names, runtime))


def _shares_ports(roles: list[str], runtime: OfficeRuntime) -> bool:
    """Whether the door is several processes; raise OutOfOrder where they could not share a port."""
    smtp, submission = runtime.gateway.smtp, runtime.gateway.submission
    if smtp.processes <= 1 or "smtp" not in roles:
        return False
    if any(listen.endswith(":0") for listen in (smtp.listen, submission.listen)):
        raise OutOfOrder(
            "several SMTP processes need a fixed port: port 0 gives each another",
            thai="smtp.processes มากกว่า 1 ต้องกำหนดหมายเลขพอร์ตให้แน่นอน (ใช้พอร์ต 0 ไม่ได้)",
        )
    return True


def _chosen(only: str) -> tuple[str, ...]:
    """Read the list of roles; raise a usage error for one there is not."""
    names = tuple(name.strip() for name in only.split(",") if name.strip())
    for name in names:
        if name not in app.CHOICES:
            unknown = f"{name} is not one of {', '.join(app.CHOICES)}"
            raise click.BadParameter(unknown, param_hint="--only")
    return names


def _run(role: str, runtime: OfficeRuntime, path: Path) -> None:
    try:
        asyncio.run(app.run_role(role, runtime, Reload(path).of_role))
    except DBAPIError as error:
        if app.is_child() and database_is_away(error):
            click.echo(f"saraban: {role}: the database is away: {error.orig}", err=True)
            sys.exit(TRY_AGAIN)
        raise


def _supervise(roles: list[str], path: Path, names: tuple[str, ...], runtime: OfficeRuntime) -> int:
    """Check once that the tables are the newest, then start the children.

    While the database is away (a server that starts later than this one) that is left to them:
    the door opens at once, the others come when they can.
    """
    from saraban.supervisor import Supervisor

    try:
        _ = runtime.database
    except DBAPIError as error:
        if not database_is_away(error):
            raise
        click.echo(f"saraban: the database is away: {error.orig}", err=True)
    runtime.close()
    needed = {
        "collector": runtime.gateway.collector,
        "web": runtime.web.listen,
        "metrics": runtime.office.metrics.listen,
    }
    roles = [role for role in roles if needed.get(role, True)]
    run_dir = runtime.data_dir / "run"
    processes = runtime.gateway.smtp.processes if _shares_ports(roles, runtime) else 1

    async def run() -> int:
        reload = Reload(path).of_supervisor
        return await Supervisor(roles, path, names, run_dir, processes, reload).run()

    return asyncio.run(run())
