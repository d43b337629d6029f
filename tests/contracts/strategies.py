"""Generate JSON values and events for the properties of the contracts."""

from hypothesis import strategies as st

from treaty_contracts.canonical import JSON, MAX_INTEGER

texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)
scalars = st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | texts
json_values: st.SearchStrategy[JSON] = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(texts, inner, max_size=5),
    max_leaves=20,
)
