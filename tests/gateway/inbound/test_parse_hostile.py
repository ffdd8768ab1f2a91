"""Mail that wants to do harm: it is read in little memory, and kept; work is in test_bombs.py."""

import subprocess
import sys
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.gateway.inbound.mails import HEAD, Reader


@settings(deadline=None, max_examples=60)
@given(
    pieces=st.lists(
        st.sampled_from(
            [
                HEAD,
                b"Content-Type: multipart/mixed; boundary=A\r\n",
                b"Content-Type: multipart/alternative; boundary=B\r\n",
                b"Content-Type: message/rfc822\r\n",
                b"Content-Type: text/html; charset=windows-874\r\n",
                b"Content-Type: application/vnd.saraban.receipt+json\r\n",
                b"Content-Transfer-Encoding: base64\r\n",
                b'Content-Disposition: attachment; filename="\xa1\xa2.pdf"\r\n',
                b"\r\n",
                b"\r\n--A\r\n",
                b"\r\n--B\r\n",
                b"\r\n--A--\r\n",
                b"aGVsbG8=\r\n",
                b"<p>\xa1",
                b"\x00\xff",
            ]
        )
        | st.binary(max_size=20),
        max_size=25,
    )
)
def test_no_mail_breaks_the_reader_and_all_come_back(pieces, tmp_path_factory):
    message = Reader(tmp_path_factory.mktemp("p")).read(b"".join(pieces))
    assert not any("not readable" in defect for defect in message.defects)
    for text in (message.subject, message.text, message.sender_name, *message.defects):
        assert "\x00" not in text
        text.encode("utf-8")


MEMORY = """
import base64, hashlib, os, resource, sys
from pathlib import Path
sys.path.insert(0, os.getcwd())
from gateway.inbound.parse import parse
from tests.gateway.inbound.mails import HEAD, Reader, multipart, part

reader = Reader(Path(sys.argv[1]))
reader.read(multipart(part(b"%PDF-1.4", "application/pdf")))  # libmagic and all else is loaded
path, digest = Path(sys.argv[1]) / "large.eml", hashlib.sha256()
line = base64.encodebytes(os.urandom(57 * 1000)).replace(b"\\n", b"\\r\\n")
with path.open("wb") as file:
    def write(data):
        file.write(data)
        digest.update(data)
    write(HEAD + b"Content-Transfer-Encoding: base64\\r\\n\\r\\n")
    for _ in range(300_000_000 // len(line) + 1):
        write(line)
size = path.stat().st_size
spooled = reader.spool(b"", raw_sha256=digest.hexdigest(), raw_bytes=size)
path.replace(spooled.path)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
message = parse(spooled, reader.blobs, reader.settings)
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
assert message.raw_bytes > 300_000_000, message.raw_bytes
assert message.original.form == "skeleton", message.original.form
print((after - before) * 1024)
"""


def test_memory_does_not_grow_with_the_letter(tmp_path):
    """300 MB are read within 40 MB, in a process of their own."""
    done = subprocess.run(
        [sys.executable, "-c", MEMORY, str(tmp_path)],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 40_000_000
