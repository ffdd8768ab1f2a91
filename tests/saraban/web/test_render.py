"""Digits as the reader likes them, where they are figures."""

import pytest

from saraban.web.render import environment


@pytest.mark.parametrize(
    ("given", "thai"),
    [
        (12, "๑๒"),
        ("เลขรับ 12/2569 (3 ฉบับ)", "เลขรับ ๑๒/๒๕๖๙ (๓ ฉบับ)"),
        ("มท0810.3/ว3974", "มท๐๘๑๐.๓/ว๓๙๗๔"),
        ("แจ้งรหัส 2al2egpxjljea42j", "แจ้งรหัส 2al2egpxjljea42j"),
        ("ส่งไปที่ somchai2@phrae.go.th แล้ว 2 ครั้ง", "ส่งไปที่ somchai2@phrae.go.th แล้ว ๒ ครั้ง"),
        ("แผน1.pdf 40.0 MB", "แผน1.pdf ๔๐.๐ MB"),
    ],
)
def test_figures_become_thai_and_addresses_codes_and_file_names_stay(given, thai):
    template = environment().from_string("{{ given | num }}")
    assert template.render(given=given, digits="thai") == thai
