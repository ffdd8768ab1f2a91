"""What keeps a PDF from being PDF/A-2b: the clauses of ISO 19005-2:2011 that a program can look at.

No validator comes as a package, so this is ours. It looks at what our writer could get wrong, from
the bytes of the file to the widths of its fonts; what it finds is named by its clause.
"""

import io
import re
import xml.etree.ElementTree as ET  # our own bytes are read
from collections.abc import Iterator
from typing import Any

from fontTools.ttLib import TTFont
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, StreamObject

_NAMESPACES = {
    "http://purl.org/dc/elements/1.1/", "http://ns.adobe.com/xap/1.0/",
    "http://ns.adobe.com/pdf/1.3/", "http://www.aiim.org/pdfa/ns/id/",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "adobe:ns:meta/",
    "http://www.w3.org/XML/1998/namespace",
}  # fmt: skip
_PDFAID = "{http://www.aiim.org/pdfa/ns/id/}"
_FILTERS = {"/FlateDecode", "/DCTDecode", "/CCITTFaxDecode", "/ASCIIHexDecode", "/ASCII85Decode"}
_OPERATORS = frozenset(
    re.findall(
        r"\S+",
        "q Q cm w J j M d m l c v y h re S s f F B b n W Do BT ET Tc Tw Tz TL Tf Tr Ts Td TD Tm Tj "
        "TJ g G rg RG k K",
    )
)


def faults(data: bytes) -> list[str]:
    """Give what is wrong with a file, each with its clause; nothing for PDF/A-2b."""
    reader = PdfReader(io.BytesIO(data))
    root = reader.trailer["/Root"].get_object()
    looks = (
        _file(data, reader), _objects(data, reader), _catalog(root), _intent(root),
        _metadata(root, reader), _pages(reader),
    )  # fmt: skip
    return [fault for look in looks for fault in look]


def _file(data: bytes, reader: PdfReader) -> Iterator[str]:
    head = re.match(rb"%PDF-1\.[0-7]\r?\n%([^\r\n]+)\r?\n", data)
    if head is None or len([byte for byte in head[1][:4] if byte > 127]) < 4:
        yield "6.1.2 the header, and a comment of four bytes above 127"
    if not re.search(rb"%%EOF(?:\r\n|\r|\n)?\Z", data):
        yield "6.1.3 nothing follows the last %%EOF"
    if "/ID" not in reader.trailer:
        yield "6.1.3 the trailer has an ID"
    if "/Encrypt" in reader.trailer:
        yield "6.1.3 nothing is encrypted"
    if not re.search(rb"\nxref\r?\n0 \d+\r?\n(?:\d{10} \d{5} [nf](?: \n|\r\n))+trailer", data):
        yield "6.1.4 the table of cross-references"


def _objects(data: bytes, reader: PdfReader) -> Iterator[str]:
    for number in range(1, int(reader.trailer["/Size"])):
        place = reader.xref[0][number]
        if not re.match(rb"%d 0 obj\r?\n" % number, data[place : place + 20]):
            yield f"6.1.9 object {number} is where the table says"
        for one in _within(reader.get_object(number)):
            if isinstance(one, StreamObject):
                yield from _stream(one, number)
            if isinstance(one, str) and len(one.encode("utf-8", "replace")) > 32_767:
                yield "6.1.13 no string is longer than 32767 bytes"
    for found in re.finditer(rb"/Length (\d+)[^>]*>>\nstream\n", data):
        end = found.end() + int(found[1])
        if data[end : end + 10] != b"\nendstream":
            yield "6.1.7.1 a stream is as long as it says"


def _stream(one: StreamObject, number: int) -> Iterator[str]:
    if {"/F", "/FFilter", "/FDecodeParms"} & set(one):
        yield f"6.1.7.1 stream {number} lies in the file"
    used = one.get("/Filter", ArrayObject())
    if set(used if isinstance(used, ArrayObject) else [used]) - _FILTERS:
        yield f"6.1.7.2 stream {number} is packed in a way that is allowed"


def _catalog(root: DictionaryObject) -> Iterator[str]:
    for key, clause in (
        ("/AA", "6.5.2"), ("/OpenAction", "6.5.1"), ("/AcroForm", "6.4"), ("/OCProperties", "6.9"),
        ("/AF", "6.8"), ("/Requirements", "6.11"),
    ):  # fmt: skip
        if key in root:
            yield f"{clause} the catalog has no {key}"
    for key in ("/EmbeddedFiles", "/JavaScript", "/AlternatePresentations"):
        if key in root.get("/Names", {}):
            yield f"6.5, 6.8, 6.10 the names have no {key}"


def _intent(root: DictionaryObject) -> Iterator[str]:
    meant = [one.get_object() for one in root.get("/OutputIntents", [])]
    mine = [one for one in meant if one.get("/S") == "/GTS_PDFA1"]
    if len(mine) != 1 or "/DestOutputProfile" not in mine[0]:
        yield "6.2.3 one intent of output, with its profile"
        return
    profile = mine[0]["/DestOutputProfile"]
    icc = profile.get_data()
    if icc[36:40] != b"acsp" or icc[8] > 4 or icc[12:16] not in (b"mntr", b"prtr"):
        yield "6.2.3 the profile is an ICC profile of a screen or printer"
    if (icc[16:20], profile.get("/N")) != (b"RGB ", 3) or int.from_bytes(icc[:4], "big") != len(
        icc
    ):
        yield "6.2.3 the profile is whole, and of as many colours as it says"


def _metadata(root: DictionaryObject, reader: PdfReader) -> Iterator[str]:
    held = root.get("/Metadata")
    if held is None:
        yield "6.6.2.1 the catalog has metadata"
        return
    held = held.get_object()
    packet = held.get_data()
    if (held.get("/Type"), held.get("/Subtype"), "/Filter" in held) != ("/Metadata", "/XML", False):
        yield "6.6.2.1 the metadata are XML, in the clear"
    if re.match(rb"<\?xpacket begin=[^>]*(?:bytes|encoding)=", packet):
        yield "6.6.2.1 the packet's head has neither bytes nor encoding"
    tree = ET.fromstring(packet)  # noqa: S314 - our own bytes
    for one in tree.iter():
        spaces = {name.partition("}")[0][1:] for name in (one.tag, *one.attrib) if "}" in name}
        if spaces - _NAMESPACES:
            yield f"6.6.2.3 {spaces - _NAMESPACES} is described by an extension"
    said = tree.findtext(f".//{_PDFAID}part"), tree.findtext(f".//{_PDFAID}conformance")
    if said != ("2", "B"):
        yield "6.6.4 the metadata say part 2 and conformance B"
    title = "".join(tree.find(".//{http://purl.org/dc/elements/1.1/}title").itertext())  # type: ignore[union-attr]
    if reader.metadata is not None and (reader.metadata.title or title).strip() != title.strip():
        yield "6.6.3 metadata and information say the same title"


def _pages(reader: PdfReader) -> Iterator[str]:
    for page in reader.pages:
        for key, clause in (("/AA", "6.5.2"), ("/Annots", "6.3"), ("/Group", "6.2.10"),
                            ("/PresSteps", "6.10")):  # fmt: skip
            if key in page:
                yield f"{clause} a page has no {key}"
        if not all(3 <= side <= 14_400 for side in (page.mediabox.width, page.mediabox.height)):
            yield "6.1.13 the size of a page"
        resources = page["/Resources"]
        if set(resources) - {"/Font"}:
            yield f"6.2.5, 6.2.10 no states, pictures or patterns: {set(resources)}"
        yield from _content(page.get_contents().get_data(), resources["/Font"])


def _content(content: bytes, fonts: Any) -> Iterator[str]:
    bare = re.sub(rb"<[0-9a-fA-F]*>|/\w+|[\[\]]|-?[\d.]+", b" ", content).decode("latin-1").split()
    if set(bare) - _OPERATORS:
        yield f"6.2.2 operators of the standard alone: {set(bare) - _OPERATORS}"
    used: dict[str, set[int]] = {}
    name = ""
    for font, text in re.findall(rb"/(\w+) [\d.]+ Tf|<([0-9a-fA-F]*)>", content):
        if font:
            name = f"/{font.decode()}"
        elif len(text) % 4:
            yield "6.1.6 strings have whole glyphs"
        else:
            glyphs = {int(text[at : at + 4], 16) for at in range(0, len(text), 4)}
            used.setdefault(name, set()).update(glyphs)
    for name, glyphs in used.items():
        if name not in fonts:
            yield f"6.2.2 {name} is among the page's resources"
        else:
            yield from _font(fonts[name].get_object(), glyphs)


def _font(font: DictionaryObject, glyphs: set[int]) -> Iterator[str]:
    if font.get("/Subtype") != "/Type0" or font.get("/Encoding") != "/Identity-H":
        yield "6.2.11.3.3 fonts of glyphs by number"
    inner = font["/DescendantFonts"][0].get_object()
    if inner.get("/CIDToGIDMap") != "/Identity" or "/CIDSystemInfo" not in inner:
        yield "6.2.11.3 the map of glyphs, and what they are of"
    program = inner["/FontDescriptor"].get_object().get("/FontFile2")
    if program is None:
        yield "6.2.11.4.1 fonts are embedded"
        return
    drawn = TTFont(io.BytesIO(program.get_object().get_data()))
    order, em = drawn.getGlyphOrder(), drawn["head"].unitsPerEm
    widths = _widths(inner)
    for glyph in glyphs:
        if glyph == 0:
            yield "6.2.11.8 no glyph stands for none"
        elif glyph >= len(order):
            yield "6.2.11.4.1 every glyph is in its font"
        elif (
            abs(
                widths.get(glyph, inner.get("/DW", 1000))
                - drawn["hmtx"][order[glyph]][0] * 1000 / em
            )
            > 1
        ):
            yield f"6.2.11.5 glyph {glyph} is as wide as its font says"
    if "/ToUnicode" not in font:
        yield "6.2.11.7.2 glyphs say what they mean (asked by level U)"


def _widths(inner: DictionaryObject) -> dict[int, float]:
    found: dict[int, float] = {}
    said = list(inner.get("/W", []))
    for first, some in zip(said[::2], said[1::2], strict=True):
        found |= {int(first) + at: float(width) for at, width in enumerate(some)}
    return found


def _within(thing: Any, deep: int = 6) -> Iterator[Any]:
    yield thing
    if deep and isinstance(thing, DictionaryObject | ArrayObject):
        for one in thing.values() if isinstance(thing, DictionaryObject) else thing:
            yield from _within(one, deep - 1)
