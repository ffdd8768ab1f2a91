"""Blocks of postings: what is laid in is given back, whole and gram by gram."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from registry.search.bits import packed
from registry.search.blocks import BYTES, Posting, blocks, posting_in, postings_in

SPAN = 64
GRAMS = st.one_of(
    st.binary(min_size=6, max_size=6).map(lambda units: b"T" + units),
    st.binary(min_size=6, max_size=6).map(lambda units: b"F" + units),
    st.binary(min_size=2, max_size=2).map(lambda unit: b"t" + unit),
    st.binary(max_size=300).map(lambda text: b"N" + text),
)
OFFSETS = st.sets(st.integers(0, SPAN - 1), min_size=1)


def _postings(filed: dict[bytes, set[int]]) -> list[Posting]:
    return [(gram, len(one), packed(sorted(one), SPAN)) for gram, one in sorted(filed.items())]


@given(st.dictionaries(GRAMS, OFFSETS, max_size=200))
def test_what_is_laid_into_blocks_is_given_back(filed: dict[bytes, set[int]]):
    """Whole blocks are read by merges, single grams by searches."""
    postings = _postings(filed)
    made = list(blocks(postings, SPAN))
    assert [one for _last, n, data in made for one in postings_in(n, data)] == postings
    assert [last for last, _n, _data in made] == sorted({last for last, _n, _data in made})
    for gram, count, docs in postings:
        _last, n, data = next(one for one in made if one[0] >= gram)
        assert posting_in(n, data, gram) == (count, docs)


@given(st.dictionaries(GRAMS, OFFSETS, min_size=1, max_size=50), GRAMS)
def test_a_gram_that_no_document_bears_is_in_no_block(filed: dict[bytes, set[int]], other: bytes):
    """Also where its bytes stand across two others."""
    filed.pop(other, None)
    for _last, n, data in blocks(_postings(filed), SPAN):
        assert posting_in(n, data, other) is None


def test_a_gram_is_not_found_across_two_others():
    """Grams of one length lie side by side without anything between them."""
    filed = {b"TaTbTcT": {1}, b"TbTaTbT": {2}}
    ((_last, n, data),) = blocks(_postings(filed), SPAN)
    across = (b"TaTbTcT" + b"TbTaTbT")[2:9]
    assert across in data
    assert posting_in(n, data, across) is None


def test_blocks_are_about_as_long_as_they_should_be_and_of_one_kind():
    """A long one would not stay in its page."""
    filed = {b"%c%06d" % (kind, at): {at % SPAN} for kind in b"FT" for at in range(400)}
    made = list(blocks(_postings(filed), SPAN))
    assert all(len(data) <= BYTES + 3 for _last, _n, data in made)
    assert {next(postings_in(n, data))[0][:1] + last[:1] for last, n, data in made} == {
        b"FF",
        b"TT",
    }
    full = [
        len(data) for (last, _n, data), (after, *_rest) in pairwise(made) if last[0] == after[0]
    ]
    assert min(full) > BYTES / 2
