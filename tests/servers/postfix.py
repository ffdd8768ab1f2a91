"""A private Postfix in a folder of its own: the plain mail server of an agency.

It takes mail on a free loopback port from anybody on this machine. Mail to a domain that
:meth:`Postfix.route` names goes on to that host and port by SMTP; all other mail is
kept for its recipient in a maildir, see :meth:`Postfix.letters`. Nothing ever leaves loopback.

Limit: Postfix's master runs as root only, so these tests need root (or a container).
"""

import contextlib
import os
import shutil
import signal
import smtplib
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.servers import ports, running
from tests.servers.waiting import wait_until

NOBODY: Final = 65534
DAEMONS: Final = "/usr/lib/postfix/sbin"
QUEUES: Final = (
    *("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming"),
    *("maildrop", "pid", "private", "public", "saved", "trace"),
)

MAIN = """\
compatibility_level = 3.6
myhostname = mail.agency.example
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtp_host_lookup = native
smtp_dns_support_level = disabled
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
alias_maps =
transport_maps = texthash:{folder}/transport
default_transport = virtual
virtual_mailbox_base = {folder}/mail
virtual_mailbox_domains = regexp:{folder}/every
virtual_mailbox_maps = static:all/
virtual_minimum_uid = 1
virtual_uid_maps = static:{nobody}
virtual_gid_maps = static:{nobody}
virtual_mailbox_limit = 0
mailbox_size_limit = 0
message_size_limit = 0
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
minimal_backoff_time = 1s
maximal_backoff_time = 1s
queue_run_delay = 1s
smtputf8_enable = yes
"""

MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
cleanup   unix n - n - 0 cleanup
qmgr      unix n - n 1 1 qmgr
tlsmgr    unix - - n 1000? 1 tlsmgr
proxymap  unix - - n - - proxymap
rewrite   unix - - n - - trivial-rewrite
bounce    unix - - n - 0 bounce
defer     unix - - n - 0 bounce
trace     unix - - n - 0 bounce
verify    unix - - n - 1 verify
flush     unix n - n 1000? 0 flush
smtp      unix - - n - - smtp
virtual   unix - n n - - virtual
error     unix - - n - - error
retry     unix - - n - - error
discard   unix - - n - - discard
showq     unix n - n - - showq
anvil     unix - - n - 1 anvil
scache    unix - - n - 1 scache
postlog   unix-dgram n - n - 1 postlogd
"""


@dataclass(frozen=True, slots=True)
class Postfix:
    """A running Postfix: its folder, and the port it takes mail on."""

    folder: Path
    port: int
    host: str = "127.0.0.1"
    smtp_source: str = field(default="/usr/sbin/smtp-source")

    def route(self, domain: str, port: int) -> None:
        """Send mail of this domain on to a server on loopback; to be said before the mail comes."""
        with (self.folder / "transport").open("a", encoding="ascii") as table:
            table.write(f"{domain} smtp:[127.0.0.1]:{port}\n")
        _look_old(self.folder / "transport")
        self._forget_old_routes()

    def send(self, sender: str, recipients: Sequence[str], message: bytes) -> None:
        """Hand in a mail as a client on this machine would."""
        with smtplib.SMTP(self.host, self.port, local_hostname="client.example") as client:
            options = [] if message.isascii() else ["BODY=8BITMIME"]
            client.sendmail(sender, list(recipients), message, mail_options=options)

    def letters(self, address: str) -> list[bytes]:
        """Give what was delivered to this address, oldest first, with Postfix's trace fields."""
        files = (self.folder / "mail" / "all" / "new").glob("*")
        mails = [file.read_bytes() for file in sorted(files, key=lambda f: f.stat().st_mtime_ns)]
        mark = b"\ndelivered-to: " + address.lower().encode() + b"\n"
        return [mail for mail in mails if mark in mail.partition(b"\n\n")[0].lower() + b"\n"]

    def wait_for(self, address: str, count: int = 1) -> list[bytes]:
        """Wait until this many mails are there, and give them."""
        return wait_until(
            lambda: found if len(found := self.letters(address)) >= count else [],
            lambda: f"{count} mails for {address}\n{self.log()}",
        )

    def configure(self, **settings: str) -> None:
        """Change settings of main.cf and have them take effect."""
        reloads = self._reloads()
        lines = [f"{name}={value}" for name, value in settings.items()]
        _run(["postconf", "-e", *lines], self.folder)
        _look_old(self.folder / "main.cf")
        _run(["postfix", "reload"], self.folder)
        wait_until(lambda: self._reloads() > reloads, "Postfix has read its settings anew")

    def log(self) -> str:
        """Give the end of its log."""
        return running.log_of(self.folder)

    def _reloads(self) -> int:
        return (self.folder / "mail.log").read_text("utf-8", "replace").count(" reload -- ")

    def _forget_old_routes(self) -> None:
        """End the process that knows the routes; master starts one that reads them anew."""
        master = int((self.folder / "queue/pid/master.pid").read_text())
        old = _children(master, "trivial-rewrite")
        for pid in old:
            os.kill(pid, signal.SIGTERM)
        wait_until(
            lambda: not old & _children(master, "trivial-rewrite"), "the old routes are forgotten"
        )


def start(**settings: str) -> Postfix:
    """Start a Postfix with these settings besides its own; it ends with this process."""
    assert os.getuid() == 0, "Postfix's master runs as root only: run these tests as root"
    assert shutil.which("postfix", path="/usr/sbin"), "Postfix is not installed (Debian: postfix)"
    folder, port = Path(tempfile.mkdtemp(prefix="saraban-postfix-")), ports.free_port()
    _configure(folder, port, settings)
    running.start(folder, ["env", f"MAIL_CONFIG={folder}", f"{DAEMONS}/master", "-s"])
    server = Postfix(folder, port)
    wait_until(lambda: ports.greets(port, b"220"), lambda: f"Postfix answers\n{server.log()}")
    return server


def _configure(folder: Path, port: int, settings: dict[str, str]) -> None:
    folder.chmod(0o755)
    main = dict(line.split(" =", 1) for line in MAIN.splitlines()) | settings
    text = "".join(f"{name} = {value}\n" for name, value in main.items())
    (folder / "main.cf").write_text(text.format(folder=folder, nobody=NOBODY))
    (folder / "master.cf").write_text(MASTER.format(port=port))
    (folder / "every").write_text("/./ here\n")
    (folder / "transport").touch()
    for name in ("main.cf", "every", "transport"):
        _look_old(folder / name)
    (folder / "mail").mkdir()
    os.chown(folder / "mail", NOBODY, NOBODY)
    for name in ("data", *(f"queue/{queue}" for queue in QUEUES)):
        (folder / name).mkdir(mode=0o700, parents=True)
        shutil.chown(folder / name, "postfix")
    for name in ("queue", "queue/pid"):
        (folder / name).chmod(0o755)
        shutil.chown(folder / name, "root")
    (folder / "queue/public").chmod(0o710)


def _look_old(file: Path) -> None:
    """Let Postfix believe the file at once; it waits while one is younger than two seconds."""
    earlier = time.time() - 60
    os.utime(file, (earlier, earlier))


def _children(parent: int, name: str) -> set[int]:
    """List the processes of this name that the parent started."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            pid, _, rest = stat.read_text().partition(" ")
            program, _, fields = rest[1:].rpartition(") ")
            if name.startswith(program) and int(fields.split()[1]) == parent:
                found.add(int(pid))
    return found


def _run(command: list[str], folder: Path) -> None:
    """Run one of Postfix's commands on this instance."""
    environment = {"MAIL_CONFIG": str(folder), "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == 0, f"{' '.join(command)}: {done.stderr}"
