"""Zips looked at from outside."""

import io
import struct
import tracemalloc
import zipfile
import zlib

import pytest

from gateway.inbound.zips import MOST_ENTRIES, MOST_TOLD, list_zip, names_in

THAI = "รายงาน ๒๕๖๙.pdf"


def zipped(files, compression=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as file:
        for name, data in files.items():
            file.writestr(name, data)
    return out.getvalue()


def listed(raw):
    return list_zip(io.BytesIO(raw))


def by_hand(name, data=b"x", *, flags=0, size=1, count=1, overlap=False):
    """A zip as other programs write it: names in any bytes, sizes of any size."""
    local = struct.pack(
        "<4sHHHIIIIHH", b"PK\3\4", 20, flags, 8, 0, 0, len(data), size, len(name), 0
    )
    body = (local + name + data) * count
    step = 0 if overlap else len(local + name + data)
    central = b"".join(
        struct.pack("<4sHHHHIIIIHHHHHII", b"PK\1\2", 20, 20, flags, 8, 0, 0, len(data), size,
                    len(name), 0, 0, 0, 0, 0, n * step) + name
        for n in range(count)
    )  # fmt: skip
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 0, 0, len(central), len(body), 0)
    return body + central + end


def test_names_and_sizes_are_told():
    found = listed(zipped({THAI: b"x" * 2000, "folder/a.txt": b""}))
    assert found.lines == (
        "๒ ไฟล์ เมื่อแตกแล้วรวม ๒.๐ KB",
        f"{THAI} (๒.๐ KB)",
        "folder/a.txt (๐ ไบต์)",
    )
    assert found.defects == ()


@pytest.mark.parametrize("charset", ["cp874", "utf-8"])
def test_a_thai_name_is_read_whatever_windows_wrote(charset):
    assert listed(by_hand(THAI.encode(charset))).lines[1] == f"{THAI} (๑ ไบต์)"


def test_a_name_that_is_neither_is_read_as_dos_wrote_it():
    assert listed(by_hand(b"r\x82sum\x82.txt")).lines[1] == "résumé.txt (๑ ไบต์)"


def test_a_password_is_told():
    found = listed(by_hand(b"a.pdf", flags=1))
    assert "มีไฟล์ที่ต้องใช้รหัสผ่าน" in found.lines
    assert found.defects == ("zip with files behind a password",)


def test_an_archive_in_the_archive_is_counted():
    assert listed(zipped({"a.zip": b"", "b.pdf": b""})).lines[0].endswith("เป็นไฟล์บีบอัด ๑ ไฟล์")


@pytest.mark.parametrize(
    "name", [b"../../etc/passwd", b"/etc/passwd", b"C:\\windows\\a.dll", b"a/../../b", b"..\\b"]
)
def test_a_name_that_leads_out_is_told_and_shown_without_tricks(name):
    found = listed(by_hand(name))
    assert found.defects == ("zip with names that lead out of its folder",)
    assert ".." not in found.lines[-1]


def test_a_name_that_turns_the_letters_round_is_shown_straight():
    assert listed(by_hand("a\u202efdp.exe".encode())).lines[1] == "afdp.exe (๑ ไบต์)"


def test_entries_over_each_other_are_told():
    """The bomb of one kernel shared by many entries, which no ratio of a single entry shows."""
    assert (
        "zip whose entries lie over each other"
        in listed(by_hand(b"a", count=50, overlap=True)).defects
    )


def test_ten_gigabytes_in_ten_megabytes_are_told_in_flat_memory():
    """Were one entry of it unpacked, this process would not come back."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    chunk = packer.compress(b"\x00" * 10_000_000) + packer.flush(zlib.Z_FULL_FLUSH)
    data = chunk * 1000
    raw = io.BytesIO(by_hand(b"a.txt", data, size=0xFFFFFFF0))
    tracemalloc.start()
    try:
        found = list_zip(raw)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found.defects == ("zip that unpacks to more than 100 times its size",)
    assert peak < 1_000_000


def test_more_entries_than_are_looked_at_are_told():
    found = listed(by_hand(b"a", count=MOST_ENTRIES + 1))
    assert found.defects == (f"zip with more than {MOST_ENTRIES} entries",)
    assert len(found.lines) == MOST_TOLD + 3
    assert found.lines[-1] == "และอีก ๙,๘๐๐ ไฟล์".replace(",", "")


def test_sizes_of_sixty_four_bits_are_read():
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", allowZip64=True) as file,
        file.open("big.bin", "w", force_zip64=True) as entry,
    ):
        entry.write(b"x" * 3000)
    assert listed(out.getvalue()).lines[1] == "big.bin (๓.๐ KB)"


def test_a_zip_behind_a_program_is_read():
    assert listed(b"MZ" * 500 + zipped({"a.txt": b"x"})).lines[1] == "a.txt (๑ ไบต์)"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"PK\3\4" + b"x" * 100,
        zipped({"a": b"x"})[:-10],
        b"PK\5\6" + b"\xff" * 30,
        b"x" * 70_000,
    ],
    ids=["nothing", "a head", "no end", "an end that lies", "no zip"],
)
def test_what_is_no_zip_cannot_be_listed(raw):
    assert listed(raw).defects == ("zip that cannot be listed",)


def test_names_alone_are_told_as_far_as_they_can_be_read():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in ("ก.txt", "b/run.exe"):
            archive.writestr(name, b"x")
    assert list(names_in(made)) == ["ก.txt", "b/run.exe"]
    assert list(names_in(io.BytesIO(made.getvalue()[:-10]))) == []
