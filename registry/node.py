"""The name of one installation folder, told apart from others that share its database.

Two nodes may have the same host name (containers often do) and the same names of processes; what
tells them apart is a random id in ``run/node``, made once for the folder. ``run/`` is in no
backup, so a restored copy is another node. Limit: a folder that is copied whole, ``run/`` and
all, must not run beside the first one; neither may its spool.
"""

import os
from pathlib import Path

from registry.ids import new_id


def node_of(data_dir: Path) -> str:
    """Give the id of this folder, sixteen letters and digits; made when first asked for."""
    path = data_dir / "run" / "node"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        draft = path.with_name(f"node.{os.getpid()}.{new_id()}")
        draft.write_text(new_id(), encoding="ascii")
        try:
            os.link(draft, path)  # the first of several that start together gives the name
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii").strip()
