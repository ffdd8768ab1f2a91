"""The budget: exact at the edge, largest first, and the next hop only lowers it."""

from hypothesis import given
from hypothesis import strategies as st

from gateway.outbound import budget

MB = 1_000_000


def measure_of(sizes, text=1000):
    """A mail that takes its decoded bytes and a text that grows by 100 for each link."""
    return lambda out: text + 100 * len(out) + sum(s for n, s in enumerate(sizes) if n not in out)


def leaving(sizes, most, split_over=25 * MB, already=frozenset()):
    return budget.leaving(
        sizes, split_over=split_over, most=most, measure=measure_of(sizes), already=already
    )


def test_a_mail_of_exactly_the_limit_goes_whole_and_one_byte_more_does_not():
    sizes = [10 * MB, 5 * MB]
    whole = measure_of(sizes)(frozenset())
    assert leaving(sizes, whole) == frozenset()
    assert leaving(sizes, whole - 1) == {0}


def test_a_part_of_25_000_000_bytes_stays_and_one_of_25_000_001_leaves():
    assert leaving([25_000_000], 10**9) == frozenset()
    assert leaving([25_000_001], 10**9) == {0}


def test_the_largest_files_leave_first_and_no_more_than_needed():
    assert leaving([3 * MB, 9 * MB, 1 * MB, 9 * MB], 14 * MB) == {1}
    assert leaving([3 * MB, 9 * MB, 1 * MB, 9 * MB], 5 * MB) == {1, 3}


def test_what_left_at_intake_does_not_come_back():
    assert leaving([1, 2], 10**9, already=frozenset({0})) == {0}


def test_when_not_even_the_text_fits_everything_has_left():
    assert leaving([1, 2, 3], 10) == {0, 1, 2}


def test_the_next_hop_lowers_the_limit_and_never_raises_it():
    assert budget.limit(None, 25 * MB, None) == 25 * MB
    assert budget.limit(40 * MB, 25 * MB, None) == 40 * MB
    assert budget.limit(40 * MB, 25 * MB, 10 * MB) == 10 * MB
    assert budget.limit(None, 25 * MB, 50 * MB) == 25 * MB
    assert budget.limit(None, 25 * MB, 0) == 25 * MB


@given(st.lists(st.integers(0, 30 * MB), max_size=12), st.integers(2000, 60 * MB))
def test_the_mail_fits_or_has_no_files_left(sizes, most):
    out = leaving(sizes, most)
    assert measure_of(sizes)(out) <= most or len(out) == len(sizes)
    assert all(size <= 25 * MB for n, size in enumerate(sizes) if n not in out)
