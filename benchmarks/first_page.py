"""The pages an officer opens first, over full books: how long they take, and how much they weigh.

    python -m benchmarks.first_page [letters]

The pages are served by the real server in a process of its own, to an officer whose entity has
seven of ten of all letters, and to one who is bound to a unit of it; the clock stands where the
generated letters end. Times are those of whole answers on loopback: the first one, and the middle
and worst of those after it.
"""

import asyncio
import gzip
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import httpx
from sqlalchemy import select

from benchmarks.search_corpus import time_of
from registry.accounts import sessions
from registry.clock import FrozenClock
from registry.db import Database
from registry.models.books import EntryRow
from registry.models.letters import LetterRow
from registry.models.people import OfficerRow
from saraban.config.load import load
from saraban.installing import FirstEntity, install
from saraban.runtime import OfficeRuntime
from saraban.web.app import run_web

PAGES: Final = (
    ("หนังสือเข้า", "/inbox"),
    ("หนังสือเข้า of my unit", "/inbox?show=unit"),
    ("หนังสือเข้า overdue", "/inbox?show=overdue"),
    ("หนังสือเข้า failed", "/inbox?show=failed"),
    ("ค้นหา, nothing asked", "/search"),
    ("ค้นหา คู่มือ", "/search?q=คู่มือ"),
    ("ติดตาม", "/follow"),
    ("ติดตาม late", "/follow?show=late"),
    ("ภาพรวม", "/overview"),
    ("ทะเบียนรับ", "/books/received"),
    ("ทะเบียนส่ง", "/books/sent"),
    ("one letter", "/entries/{entry}"),
)
_ROUNDS: Final = 20
_UNIT: Final = "u1"
_STATIC: Final = re.compile(r'(?:href|src)="(/static/[^"]+)"')
_STYLES: Final = re.compile(r'href="(/static/desk\.[^"]+css)"')
_IN_STYLES: Final = re.compile(r"url\((/static/[^)]+)\)")


def measured(url: str, letters: int) -> str:
    """Measure the pages over a database that :mod:`benchmarks.search_books` filled: a table."""
    lines = [
        "| page | first, ms | median, ms | worst, ms | bound to a unit: median | kB in all |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    database = Database.open(url)
    token, bound = (_signed_in(database, letters, unit) for unit in ("", _UNIT))
    entry = _an_entry(database)
    database.close()
    with _served(url, letters) as address, httpx.Client(base_url=address, timeout=60) as client:
        for name, path in PAGES:
            asked = path.format(entry=entry)
            spent = [_spent(client, asked, token) for _round in range(_ROUNDS)]
            theirs = [_spent(client, asked, bound) for _round in range(_ROUNDS)]
            rest = sorted(spent[1:])
            lines.append(
                f"| {name} | {spent[0]:.0f} | {statistics.median(rest):.0f} | {rest[-1]:.0f} "
                f"| {statistics.median(theirs):.0f} | {_weight(client, asked) / 1000:.0f} |"
            )
    return "\n".join(lines)


def _spent(client: httpx.Client, path: str, token: str) -> float:
    """Give the milliseconds of a page for whoever has this session."""
    client.cookies.set("saraban", token)
    begun = time.perf_counter()
    answer = client.get(path)
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return (time.perf_counter() - begun) * 1000


def _weight(client: httpx.Client, path: str) -> int:
    """Count the bytes of a page with its styles, scripts and fonts, packed as they travel."""
    page = client.get(path)
    weight = len(gzip.compress(page.content, 5))
    files = set(_STATIC.findall(page.text))
    styles = _STYLES.search(page.text)
    assert styles
    files |= set(_IN_STYLES.findall(client.get(styles[1]).text))
    for file in files:
        with client.stream("GET", file) as answer:
            weight += sum(len(piece) for piece in answer.iter_raw())
    return weight


def _signed_in(database: Database, letters: int, unit: str) -> str:
    """Give the token of a session of an officer of the largest entity, bound to a unit or not."""
    now, email = _now(letters), f"officer{unit}@e1.example"
    with database.write() as session:
        row = session.scalar(select(OfficerRow).where(OfficerRow.email == email))
        if row is None:
            row = OfficerRow(
                email=email, entity_id=1, unit_code=unit, role="officer", created_at=now
            )
            session.add(row)
            session.flush()
        return sessions.begin(session, row.id, at=now, life=timedelta(hours=12), complete=True)


def _an_entry(database: Database) -> str:
    """Give the newest that both officers may see."""
    wanted = select(EntryRow.id).join(LetterRow, LetterRow.id == EntryRow.letter_id)
    wanted = wanted.where(LetterRow.unit_code == _UNIT, EntryRow.secrecy.is_(None))
    wanted = wanted.where(EntryRow.entity_id == 1, EntryRow.state == "registered")
    with database.read() as session:
        return session.scalars(wanted.order_by(EntryRow.id.desc()).limit(1)).one()


def _now(letters: int) -> datetime:
    return time_of(letters) + timedelta(hours=1)


@contextmanager
def _served(url: str, letters: int) -> Iterator[str]:
    """Serve the pages from a process of its own; gives their address."""
    with tempfile.TemporaryDirectory(prefix="saraban-bench-pages-") as folder:
        first = FirstEntity("e1", "จังหวัดน่าน", "e1.example", "นน ๐๐๒๓")
        config = install(Path(folder) / "office", "pages.example", first)
        command = [sys.executable, "-m", "benchmarks.first_page", "serve", str(config), url]
        with subprocess.Popen(
            [*command, str(letters)], stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            try:
                port = json.loads(process.stdout.readline())["web"]
                yield f"http://127.0.0.1:{port}"
            finally:
                process.kill()  # the pages wait for nobody, uvicorn would


def _serve(config: str, url: str, letters: int) -> None:
    """Serve until SIGTERM; tells the port on stdout."""
    environ = {"SARABAN__DATABASE__URL": url, "SARABAN__WEB__LISTEN": "127.0.0.1:0"}
    settings = load(Path(config), environ)
    clock = FrozenClock(_now(letters))
    runtime = OfficeRuntime(settings.office, settings.gateway, clock=clock, web=settings.web)

    async def serve() -> None:
        stop = asyncio.Event()
        await run_web(runtime, stop, lambda ports: print(json.dumps(ports), flush=True))

    asyncio.run(serve())


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        _serve(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    else:
        print(measured(sys.argv[1], int(sys.argv[2])))
