"""What is committed names no machine but the reader's: no package host, no folder of ours.

Dependencies come from wherever the reader's pip is told to look; a path of one
developer's machine is wrong on every other.
"""

import re

import pytest

from tests.house.sources import files, read

# Each pattern is written so that it does not find itself.
FORBIDDEN = {
    "a package host": r"py[p]i[.]org|python[h]osted[.]org|npm[j]s[.]org|deb[.]debia[n][.]org",
    "an index of packages": r"https?://[a-z0-9.-]+/(simpl[e]|package[s]|debia[n])\b",
    "where pip should look": r"^--?(inde[x]-url|extra-inde[x]-url|find-link[s]|trusted-hos[t])",
    "a folder of one machine": r"(?<![\w./-])/(wor[k]|hom[e]/\w+|roo[t]|opt/wheel[s])/",
}
TEXT = {".py", ".md", ".toml", ".txt", ".html", ".css", ".js", ".svg", ".mako", ".ini", ".csv", ""}
WRITTEN = [path for path in files() if path.suffix in TEXT and "samples" not in path.parts]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_committed_file_names(what):
    pattern = re.compile(FORBIDDEN[what], re.MULTILINE)
    found = [f"{path}: {match[0]}" for path in WRITTEN for match in pattern.finditer(read(path))]
    assert found == []


def test_no_module_is_unfinished():
    """Loose ends belong in the list of issues, where they are seen."""
    marks = re.compile(r"\b(TOD[O]|FIXM[E]|XX[X]|NotImplementedErro[r])\b")
    found = [str(path) for path in files() if path.suffix == ".py" and marks.search(read(path))]
    assert found == []
