"""Sets of documents and their texts: packed, unpacked, joined, and reckoned with."""

from hypothesis import given
from hypothesis import strategies as st

from registry.models.packed import pack, unpack
from registry.search import bits

SPAN = 512
TEXTS = st.text(st.characters(exclude_categories=["Cs"])) | st.text("กขาำ่๑1a \x1d\x1e")
SETS = st.sets(st.integers(0, SPAN - 1)).map(sorted)


@given(SETS)
def test_a_packed_set_is_given_back(members: list[int]):
    """As a list where it is short, as a bitmap where it is long."""
    data = bits.packed(members, SPAN)
    assert list(bits.unpacked(len(members), data)) == members
    assert list(bits.descending(bits.as_bitmap(len(members), data))) == members[::-1]
    assert len(data) == min(2 * len(members), SPAN // 8)


@given(st.lists(SETS, min_size=1, max_size=5))
def test_what_is_common_is_what_sets_have_in_common(sets: list[list[int]]):
    """However each of them is packed."""
    packs = [(len(one), bits.packed(one, SPAN)) for one in sets]
    wanted = sorted(set(sets[0]).intersection(*sets[1:]), reverse=True)
    assert list(bits.descending(bits.common(packs))) == wanted


@given(st.lists(SETS, min_size=1, max_size=4))
def test_sets_side_by_side_are_one_set(sets: list[list[int]]):
    """As when segments are merged."""
    parts = [(at * SPAN, len(one), bits.packed(one, SPAN)) for at, one in enumerate(sets)]
    count, data = bits.joined(parts, SPAN * 4)
    wanted = [at * SPAN + one for at, some in enumerate(sets) for one in some]
    assert list(bits.unpacked(count, data)) == wanted
    assert data == bits.packed(wanted, SPAN * 4)


@given(TEXTS)
def test_a_packed_text_is_given_back(text: str):
    """Whatever it is written in."""
    assert unpack(pack(text)) == text
