"""Both forms of JSON are to the last character what the standard library writes."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.canonical import canonical, stored

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(VALUES)
def test_a_column_keeps_what_json_writes(value: Any):
    assert stored(value) == json.dumps(value)


@given(VALUES)
def test_a_digest_covers_sorted_keys_without_spaces(value: Any):
    compact = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert canonical(value) == compact


@pytest.mark.parametrize("write", [stored, canonical])
def test_what_json_has_no_form_for_is_refused(write: Any):
    with pytest.raises(TypeError):
        write({"at": object()})
