"""The examples of docs/API.md do what they say, in the order in which they stand."""

import re
import subprocess
import sys
from pathlib import Path

DOCUMENT = Path(__file__).parents[3] / "docs" / "API.md"


def test_every_example_works(desk, tmp_path):
    blocks = re.findall(r"```sh\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) > 7
    saraban = f'saraban() {{ "{sys.executable}" -m saraban "$@"; }}\n'
    environ = {
        "PATH": "/usr/bin:/bin", "URL": desk.url, "LANG": "C.UTF-8",
        "SARABAN_CONFIG": str(desk.office.config), "PYTHONPATH": str(DOCUMENT.parents[1]),
    }  # fmt: skip
    done = subprocess.run(
        ["bash", "-euxo", "pipefail", "-c", saraban + "\n".join(blocks)],
        cwd=tmp_path, env=environ, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
