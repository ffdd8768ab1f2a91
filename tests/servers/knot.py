"""A private Knot DNS in a folder of its own: an authoritative name server with zones of a test.

It answers on one free loopback port, by UDP and TCP. Zones are written as text in the form of RFC
1035 and read when it starts; :meth:`Knot.load` puts another text in the place of one. Runs as root
or as anybody.
"""

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import dns.exception
import dns.message
import dns.query

from gateway.inbound.resolver import Resolver
from tests.servers import ports, running
from tests.servers.waiting import wait_until

HEAD = """\
$ORIGIN {zone}.
$TTL 60
@ SOA ns hostmaster {serial} 3600 600 86400 60
@ NS ns
ns A 127.0.0.1
"""


@dataclass(frozen=True, slots=True)
class Knot:
    """A running server; it knows the zones that it was started with."""

    folder: Path
    port: int
    host: str = "127.0.0.1"

    def load(self, zone: str, records: str) -> None:
        """Read a zone again with these records, and wait until they are served."""
        serial = self.serial(zone) + 1
        _write(self.folder, zone, records, serial)
        command = ["/usr/sbin/knotc", "-c", str(self.folder / "knot.conf"), "zone-reload", zone]
        subprocess.run(command, check=True, capture_output=True)
        wait_until(lambda: self.serial(zone) == serial, f"{zone} is read again")

    def serial(self, zone: str) -> int:
        """Ask for the serial of a zone; 0 while the server does not answer."""
        query = dns.message.make_query(zone, "SOA")
        try:
            answer = dns.query.udp(query, self.host, port=self.port, timeout=0.5)
        except (dns.exception.DNSException, OSError):
            return 0
        return int(answer.answer[0][0].serial) if answer.answer else 0

    def resolver(self, timeout: float = 5.0) -> Resolver:
        """A resolver that asks this server only."""
        return Resolver([f"{self.host}:{self.port}"], timeout=timeout)

    def log(self) -> str:
        """Give the end of its log."""
        return running.log_of(self.folder)


def start(zones: dict[str, str]) -> Knot:
    """Start a Knot DNS that serves these zones (records by origin); it ends with this process."""
    assert shutil.which("knotd", path="/usr/sbin"), "Knot DNS is missing (Debian: knot)"
    folder = Path(tempfile.mkdtemp(prefix="saraban-knot-"))
    server = Knot(folder, ports.free_port())
    for zone, records in zones.items():
        _write(folder, zone, records, 1)
    (folder / "run").mkdir()
    (folder / "knot.conf").write_text(_configuration(server, zones), encoding="utf-8")
    running.start(folder, ["/usr/sbin/knotd", "-c", str(folder / "knot.conf")])
    wait_until(
        lambda: all(server.serial(zone) for zone in zones),
        lambda: f"Knot answers\n{server.log()}",
    )
    return server


def _write(folder: Path, zone: str, records: str, serial: int) -> None:
    text = HEAD.format(zone=zone, serial=serial) + records
    (folder / f"{zone}.zone").write_text(text, encoding="utf-8")


def _configuration(server: Knot, zones: dict[str, str]) -> str:
    folder = server.folder
    lines = [
        "server:",
        f"    rundir: {folder}/run",
        f"    listen: {server.host}@{server.port}",
        "    udp-workers: 1",
        "    tcp-workers: 1",
        "    background-workers: 1",
        *([] if os.getuid() else ["    user: root:root"]),
        "database:",
        f"    storage: {folder}/db",
        "log:",
        "  - target: stderr",
        "    any: info",
        "zone:",
    ]
    for zone in zones:
        lines += [
            f"  - domain: {zone}",
            f"    file: {folder}/{zone}.zone",
            "    zonefile-load: whole",
        ]
    return "\n".join(lines) + "\n"
