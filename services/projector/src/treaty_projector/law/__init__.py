"""Apply treaty law to recorded facts: pure functions, total and deterministic."""
