"""``saraban serve`` - the services, each in a process of its own.

With one role the role runs in this process; with several a supervisor starts a child for each.
"""

import asyncio
import sys
from pathlib import Path

import click

from gateway.service import Runtime
from saraban import app
from saraban.cli.common import log_to_stderr, open_runtime
from saraban.config.load import find


@click.command()
@click.option("--config", metavar="PATH", help="saraban.toml; else SARABAN_CONFIG.")
@click.option("--only", metavar="ROLES", default="", help=f"Some of {','.join(app.CHOICES)}.")
def serve(config: str | None, only: str) -> None:
    """Run the services until told to stop."""
    names = tuple(name for name in only.split(",") if name)
    for name in names:
        if name not in app.CHOICES:
            raise click.BadParameter(f"{name} is not one of {', '.join(app.CHOICES)}")
    path = find(config)
    runtime = open_runtime(str(path))
    log_to_stderr()
    roles = app.roles_of(names)
    if len(roles) == 1:
        asyncio.run(app.run_role(roles[0], app.narrow(runtime, names)))
        return
    sys.exit(_supervise(roles, path, names, runtime))


def _supervise(roles: list[str], path: Path, names: tuple[str, ...], runtime: Runtime) -> int:
    """Check once that the tables are the newest, then start the children."""
    from saraban.supervisor import Supervisor

    _ = runtime.database
    runtime.close()
    roles = [role for role in roles if role != "collector" or runtime.gateway.collector]
    run_dir = runtime.data_dir / "run"

    async def run() -> int:
        return await Supervisor(roles, path, names, run_dir).run()

    return asyncio.run(run())
