"""Two provinces, each with an installation of its own, behind one plain Postfix."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from saraban.installing import FirstEntity
from tests.journeys.installation import Installation
from tests.servers import postfix as postfix_server
from tests.servers import running
from tests.servers.ports import free_port

PHRAE = ("phrae", "จังหวัดแพร่", "phrae.go.th", "พร ๐๐๒๓")
NAN = ("nan", "จังหวัดน่าน", "nan.go.th", "นน ๐๐๒๓")
ONLY = "smtp,submission,worker,mailq"


@contextmanager
def two_installations(folder: Path) -> Iterator[tuple[Installation, Installation]]:
    """Phrae and Nan; each has the other in its directory. They do not serve yet."""
    server = postfix_server.start(recipient_delimiter="+")
    made = []
    for own, other in ((PHRAE, NAN), (NAN, PHRAE)):
        office = Installation(folder / own[0], f"mail.{own[2]}", FirstEntity(*own))
        office.add_entity(*other)
        port = free_port()
        office.settings("smtp", listen=f"127.0.0.1:{port}")
        office.settings("relay", host="127.0.0.1", port=server.port, tls="none")
        server.route(f"saraban@{own[2]}", port)
        made.append(office)
    try:
        yield made[0], made[1]
    finally:
        running.end(server.folder)
