"""Files that were written into a text."""

import binascii

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.inbound.uuencode import MOST_FILES, taken_apart

DATA = bytes(range(256)) * 3


def uuencoded(data, name=b"a.pdf", eol=b"\r\n"):
    lines = [binascii.b2a_uu(data[at : at + 45]).rstrip(b"\n") for at in range(0, len(data), 45)]
    return eol.join([b"begin 644 " + name, *lines, b"`", b"end", b""])


class Taken:
    """A file that was taken out."""

    def __init__(self, name):
        self.name, self.data, self.whole = name, b"", None

    def write(self, data):
        self.data += data

    def close(self, *, whole):
        self.whole = whole


def apart(*blocks):
    files = []

    def open_file(name):
        files.append(Taken(name))
        return files[-1]

    text = b"".join(taken_apart(blocks, open_file))
    return text, [(one.name, one.data, one.whole) for one in files]


@pytest.mark.parametrize("eol", [b"\r\n", b"\n"])
def test_a_file_comes_out_and_the_text_around_it_stays(eol):
    raw = b"hello" + eol + uuencoded(DATA, eol=eol) + b"bye" + eol
    assert apart(raw) == (b"hello" + eol + b"bye" + eol, [(b"a.pdf", DATA, True)])


@given(st.integers(1, 60))
def test_it_does_not_matter_where_the_blocks_are_cut(step):
    raw = b"x\nbegin with me\n" + uuencoded(DATA) + b"between\r\n" + uuencoded(b"two", b"b c.txt")
    blocks = [raw[at : at + step] for at in range(0, len(raw), step)]
    text = b"x\nbegin with me\nbetween\r\n"
    assert apart(*blocks) == (text, [(b"a.pdf", DATA, True), (b"b c.txt", b"two", True)])


@given(st.binary(max_size=300))
def test_what_python_writes_comes_back(data):
    assert apart(uuencoded(data))[1] == [(b"a.pdf", data, True)]


@pytest.mark.parametrize(
    "text",
    [
        b"begin 644 a.pdf\r\nis how it begins\r\n",
        b"begin 644 a.pdf\r\n\r\nnothing\r\n",
        b"begin 644 a.pdf",
        b"begin 644 a.pdf\r\n",
        b"please begin 644 a.pdf\r\n`\r\nend\r\n",
        b"begin 999 a.pdf\r\n`\r\nend\r\n",
        b"begin\r\nend\r\n",
    ],
)
def test_words_about_it_are_text(text):
    assert apart(text) == (text, [])
    assert apart(*[text[n : n + 1] for n in range(len(text))]) == (text, [])


def test_a_file_that_breaks_off_says_so_and_the_rest_is_text():
    whole = uuencoded(DATA)
    broken = whole[:200] + b"\r\n\r\nsorry, my mail program died: good-bye and farewell\r\n"
    text, ((name, data, ended),) = apart(broken)
    assert (name, ended) == (b"a.pdf", False)
    assert DATA.startswith(data[:90])
    assert text.endswith(b"sorry, my mail program died: good-bye and farewell\r\n")


def test_a_file_without_end_at_the_end_of_the_text_says_so():
    assert apart(uuencoded(DATA).replace(b"`\r\nend\r\n", b"")) == (b"", [(b"a.pdf", DATA, False)])


def test_an_empty_file_is_a_file():
    assert apart(b"begin 644 e\n`\nend\n") == (b"", [(b"e", b"", True)])


def test_more_files_than_any_letter_has_stay_in_the_text():
    text, files = apart(uuencoded(b"x") * (MOST_FILES + 2))
    assert len(files) == MOST_FILES
    assert text == uuencoded(b"x") * 2


@given(st.lists(st.sampled_from([b"begin 644 a\n", b"`\n", b"end\n", b"#0V%T\n", b"x", b"\r\n"])))
def test_text_and_files_never_come_from_nothing(pieces):
    raw = b"".join(pieces)
    text, files = apart(raw)
    assert len(text) + sum(len(data) for _, data, _ in files) <= len(raw)
    assert files or text == raw
