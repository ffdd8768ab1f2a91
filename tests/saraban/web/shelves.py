"""An office whose letters are in the index, with some that are made to be searched for."""

from hashlib import sha256

from registry.models.search import FileTextRow
from registry.search.index import release, step
from saraban.runtime import Runtime
from tests.saraban.office import Office
from tests.saraban.web import papers

FILE = b"%PDF-1.7 a list of shelters"
FLOOD = "การเตรียมศูนย์พักพิงชั่วคราว"
NUMBER = "มท ๐๘๑๐.๗/๗๗๗๗"
BAD_NAME = '"><img src=x onerror=alert(3)>.pdf'
BAD_TEXT = "ประกาศ <script>alert('พักแรม')</script> ศาลาวัดพระธาตุช่อแฮ"


def fill(office: Office) -> None:
    """Lay down two letters with files that were read, and bring the index up to date."""
    papers.lay(
        office, FLOOD, number=NUMBER, files={"บัญชีศูนย์พักพิง.pdf": FILE, BAD_NAME: b"%PDF-1.7 b"}
    )
    runtime = office.runtime()
    texts = {FILE: "รายชื่อศูนย์พักพิง โรงเรียนบ้านนาแหลม ๑๒๐ คน", b"%PDF-1.7 b": BAD_TEXT}
    with runtime.database.write() as session:
        for data, text in texts.items():
            session.merge(FileTextRow(sha256=sha256(data).hexdigest(), state="done", text=text))
    settle(runtime)
    runtime.close()


def settle(runtime: Runtime) -> None:
    """Let the index follow all changes, as the service does."""
    while step(runtime.database, runtime.clock):
        pass
    release(runtime.database)
