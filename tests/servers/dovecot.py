"""A private Dovecot in a folder of its own: an agency's IMAP server, with maildirs.

It listens on two free loopback ports: plain with STARTTLS, and TLS from the start, both
with a certificate made for this run. Users are added while it runs; each test takes its
own. Mailboxes without a name of their own share a password. Runs as root or as anybody.
"""

import contextlib
import grp
import imaplib
import os
import pwd
import shutil
import tempfile
import uuid
from dataclasses import dataclass
from pathlib import Path

from tests.servers import ports, running
from tests.servers.certificates import Certificate, make_certificate
from tests.servers.waiting import wait_until

PASSWORD = "open-sesame-7"
"""The password of every user that was given no name."""

CONFIGURATION = """\
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
first_valid_uid = 1
mail_fsync = never
mail_location = maildir:~/Maildir
mail_uid = {owner}
mail_gid = {owner_group}
disable_plaintext_auth = no
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
mail_max_userip_connections = 100
auth_failure_delay = 0
auth_cache_size = 0
verbose_proctitle = yes
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {folder}/users
}}
passdb {{
  driver = static
  args = password={password}
  username_filter = box-*
}}
userdb {{
  driver = static
  args = home={folder}/mail/%u
}}
namespace inbox {{
  inbox = yes
  mailbox Junk {{
    auto = create
    special_use = \\Junk
  }}
  mailbox Sent {{
    auto = create
    special_use = \\Sent
  }}
}}
{more}
"""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A user's mailbox: how to sign in, and where its files are."""

    username: str
    password: str
    maildir: Path

    def deliver(self, message: bytes) -> None:
        """Put a mail into the inbox, as the agency's server would."""
        name = uuid.uuid4().hex
        draft = self.maildir / "tmp" / name
        draft.write_bytes(message)
        shutil.copystat(self.maildir, draft)
        owner = self.maildir.stat()
        os.chown(draft, owner.st_uid, owner.st_gid)
        draft.chmod(0o600)
        draft.rename(self.maildir / "new" / name)

    def renumber(self) -> None:
        """Give the inbox another UIDVALIDITY and its mails new UIDs; nobody may be signed in."""
        for path in self.maildir.glob("dovecot*"):
            if path.is_file():
                path.unlink()
        places = self.maildir / "dovecot-uidlist"
        places.write_text(f"3 V1234567890 N100 G{uuid.uuid4().hex}\n", encoding="ascii")
        owner = self.maildir.stat()
        os.chown(places, owner.st_uid, owner.st_gid)


@dataclass(frozen=True, slots=True)
class Dovecot:
    """A running Dovecot: its ports and the certificate that clients should trust."""

    folder: Path
    port: int
    tls_port: int
    certificate: Certificate
    host: str = "127.0.0.1"

    def add_mailbox(self, username: str = "", password: str = PASSWORD) -> Mailbox:
        """Make a user with an empty mailbox; without a name, one that nobody else has."""
        username = username or f"box-{uuid.uuid4().hex[:12]}"
        home = self.folder / "mail" / username
        maildir = home / "Maildir"
        owner = self.folder.joinpath("mail").stat()
        for path in (home, maildir, *(maildir / part for part in ("cur", "new", "tmp"))):
            path.mkdir(mode=0o700)
            os.chown(path, owner.st_uid, owner.st_gid)
        if password != PASSWORD or not username.startswith("box-"):
            with (self.folder / "users").open("a", encoding="utf-8") as users:
                users.write(f"{username}:{{PLAIN}}{password}\n")
            # Dovecot looks at its list of users once a second.
            wait_until(lambda: self._knows(username, password), f"{username} can sign in")
        return Mailbox(username, password, maildir)

    def sessions(self, username: str) -> list[int]:
        """List the imap processes that serve a user now, by process id."""
        found = []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                words = path.read_bytes()
                if words.startswith(b"dovecot/imap") and username.encode() in words:
                    found.append(int(path.parent.name))
        return found

    def _knows(self, username: str, password: str) -> bool:
        with imaplib.IMAP4(self.host, self.port, timeout=10) as client:
            try:
                client.authenticate("PLAIN", lambda _: f"\0{username}\0{password}".encode())
            except imaplib.IMAP4.error:
                return False
            return True

    def log(self) -> str:
        """Give the end of its log."""
        return running.log_of(self.folder)


def start(more: str = "") -> Dovecot:
    """Start a Dovecot, with more lines of configuration if given; it ends with this process."""
    assert shutil.which("dovecot", path="/usr/sbin"), "Dovecot is missing (Debian: dovecot-imapd)"
    folder = Path(tempfile.mkdtemp(prefix="saraban-dovecot-"))
    server = Dovecot(folder, ports.free_port(), ports.free_port(), make_certificate(folder))
    folder.chmod(0o755)
    _configure(server, more)
    running.start(folder, ["/usr/sbin/dovecot", "-F", "-c", str(folder / "dovecot.conf")])
    wait_until(
        lambda: ports.greets(server.port, b"* OK"), lambda: f"Dovecot answers\n{server.log()}"
    )
    return server


def _configure(server: Dovecot, more: str) -> None:
    folder = server.folder
    root = os.getuid() == 0
    me, mine = pwd.getpwuid(os.getuid()).pw_name, grp.getgrgid(os.getgid()).gr_name
    text = CONFIGURATION.format(
        folder=folder, port=server.port, tls_port=server.tls_port, more=more,
        internal="dovecot" if root else me, group="dovecot" if root else mine,
        login="dovenull" if root else me,
        owner="nobody" if root else me, owner_group="nogroup" if root else mine,
        password=PASSWORD, certificate=server.certificate.file, key=server.certificate.key_file,
    )  # fmt: skip
    (folder / "dovecot.conf").write_text(text, encoding="utf-8")
    (folder / "users").touch()
    (folder / "mail").mkdir()
    if root:
        shutil.chown(folder / "mail", "nobody", "nogroup")
