"""What clicks narrow to besides book and year: files, numbers that are reserved or void."""

from registry.models.books import EntryRow
from registry.search.terms import Narrowing, Reader
from tests.registry.conftest import Office
from tests.registry.search.books import Shelf


def test_only_letters_with_files(shelf: Shelf):
    shelf.register("งบประมาณ")
    wanted = shelf.register("งบประมาณ", files=(("บัญชี.pdf", None),))
    shelf.settle()
    assert shelf.found("งบ", files=True) == [wanted]
    assert len(shelf.found("งบ")) == 2


def test_void_and_reserved_numbers_by_themselves(shelf: Shelf):
    void, reserved = shelf.enter(None, "ยกเลิก"), shelf.enter(None, "จอง")
    shelf.register("ปกติ")
    shelf.change(EntryRow, void, state="void")
    shelf.change(EntryRow, reserved, state="reserved")
    shelf.settle()
    for kind, entry in (("void", void), ("reserved", reserved)):
        page = shelf.page("", Reader(), Narrowing(kind=kind))
        assert [hit.entry_id for hit in page.hits] == [entry]
    assert len(shelf.page("", narrowing=Narrowing(kind="entry")).hits) == 3


def test_secret_letters_with_files_are_told_apart_too(shelf: Shelf, office: Office):
    cleared = Reader(frozenset({office.phrae}), cleared=True)
    secret = {"secrecy": "ลับ", "series": "secret"}
    shelf.register("แผน", **secret)
    wanted = shelf.register("แผน", files=(("แผน.pdf", None),), **secret)
    assert shelf.found("แผน", cleared, files=True) == [wanted]
