"""Files on this machine that a command lays down: looked at as those of a mail, bytes kept."""

from pathlib import Path
from typing import Final

import click

from gateway.service import Runtime
from registry.desk.lay_down import LaidFile

FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
"""What an option that names a file takes."""
_BLOCK: Final = 1 << 20


def lay(runtime: Runtime, path: Path) -> LaidFile:
    """Keep the bytes of a file; raises NotAllowed for a forbidden type or a virus."""
    from gateway.inbound.sniff import ENOUGH, media_type  # both load libmagic
    from gateway.links.examine import examine

    unseen = examine(path, path.name, runtime)
    with runtime.blobs.stage() as staged, path.open("rb") as source:
        kind, size = media_type(source.read(ENOUGH), "application/octet-stream"), source.seek(0)
        while block := source.read(_BLOCK):
            size += staged.write(block)
        return LaidFile(path.name, size, staged.keep(), kind, not_scanned=unseen)
