"""Well-formed mail is cut up and decoded as Python's own email package does it."""

import email
import email.policy
from email.encoders import encode_base64, encode_noop
from email.generator import BytesGenerator
from email.message import Message
from email.mime.base import MIMEBase
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from io import BytesIO
from quopri import encodestring

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.inbound.decode import decoded, decoder_for
from gateway.inbound.names import given_name
from gateway.inbound.split import split
from gateway.inbound.window import Window

BCHARS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'+_,-./:=?"
BOUNDARIES = st.text(BCHARS, min_size=1, max_size=60)
NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=40
).filter(lambda name: "=?" not in name)
TYPES = st.sampled_from(["application/pdf", "text/plain", "image/png", "application/x-y"])
LINES = st.lists(
    st.binary(max_size=60).map(lambda line: line.replace(b"\r", b"").replace(b"\n", b""))
)


@st.composite
def leaves(draw):
    """A part without parts, in one of the three encodings."""
    kind, _, minor = draw(TYPES).partition("/")
    part = MIMEBase(kind, minor)
    encoding = draw(st.sampled_from(["base64", "quoted-printable", "8bit"]))
    if encoding == "base64":
        part.set_payload(draw(st.binary(max_size=300)))
        encode_base64(part)
    elif encoding == "quoted-printable":
        # A text as mailers send it: every line ends, so that Python need not guess the last one.
        text = b"".join(line + b"\n" for line in draw(LINES))
        part.set_payload(encodestring(text).decode("ascii"))
        part["Content-Transfer-Encoding"] = encoding
    else:
        text = "".join(draw(st.lists(st.sampled_from(["หนังสือ\n", "a -- b\n", "\n", "-x\n"]))))
        part.set_payload(text.encode().decode("ascii", "surrogateescape"))
        part["Content-Transfer-Encoding"] = encoding
        encode_noop(part)
    if draw(st.booleans()):
        part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", draw(NAMES)))
    return part


def wrapped(inner):
    """A multipart of such parts, or an attached mail."""
    return st.one_of(multiparts(inner), inner.map(MIMEMessage))


@st.composite
def multiparts(draw, inner):
    outer = MIMEMultipart(draw(st.sampled_from(["mixed", "alternative", "related", "signed"])))
    for part in draw(st.lists(inner, min_size=1, max_size=3)):
        outer.attach(part)
    if draw(st.booleans()):
        outer.preamble, outer.epilogue = "before\n", "after\n"
    return outer


MAILS = st.recursive(leaves(), wrapped, max_leaves=8)


@settings(deadline=None, max_examples=150)
@given(mail=MAILS, boundaries=st.lists(BOUNDARIES, min_size=40, max_size=40, unique=True))
def test_the_same_tree_and_the_same_bytes(mail, boundaries, tmp_path_factory):
    raw = written(mail, iter(boundaries))
    path = tmp_path_factory.mktemp("m") / "mail"
    path.write_bytes(raw)
    with Window(path) as window:
        found = split(window)
        mine = list(told(window, found.root))
    assert found.complete
    assert mine == list(read(email.message_from_bytes(raw)))


def written(mail: Message, boundaries) -> bytes:
    """The mail with these boundaries, as it goes over the wire."""
    for part in mail.walk():
        if part.get_content_maintype() == "multipart":
            part.set_boundary(next(boundaries))
    out = BytesIO()
    policy = email.policy.compat32.clone(linesep="\r\n", cte_type="8bit", max_line_length=None)
    BytesGenerator(out, policy=policy, mangle_from_=False).flatten(mail)
    return out.getvalue()


def told(window, root):
    """What our splitter finds: depth, type, name and decoded bytes of each part."""
    for node in root.walk():
        content = None
        if not node.children:
            content = b"".join(decoded(window, node, decoder_for(node.encoding)))
        depth, above = 0, node
        while above := above.parent:
            depth += 1
        yield depth, node.media_type, given_name(node), content


def read(message: Message, depth=0):
    """The same of Python's parser."""
    name = message.get_filename() or ""
    inner = message.is_multipart()
    yield (
        depth,
        message.get_content_type(),
        name,
        None if inner else message.get_payload(decode=True),
    )
    for part in message.get_payload() if inner else ():
        yield from read(part, depth + 1)
