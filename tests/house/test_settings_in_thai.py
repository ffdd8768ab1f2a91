"""Every setting is told in Thai as well, once, and in few words."""

import re
from dataclasses import fields

from saraban.config.sections import MANY, SINGLE
from saraban.config.thai import meanings

_LONGEST = 130


def test_every_setting_and_section_has_its_line_and_no_line_is_left_over():
    wanted = {
        name: {"", *(one.name for one in fields(kind))} for name, kind in {**SINGLE, **MANY}.items()
    }
    assert {name: set(lines) for name, lines in meanings().items()} == wanted


def test_the_lines_are_thai_short_and_in_thai_digits():
    for name, lines in meanings().items():
        for key, said in lines.items():
            assert re.search("[ก-๙]", said), (name, key)
            assert len(said) <= _LONGEST, (name, key)
            assert not re.search(r"[0-9]", said), (name, key)
