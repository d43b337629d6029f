"""Let properties take the time a shared machine takes, and find the same examples everywhere."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "law", deadline=None, derandomize=True, max_examples=150, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("law")
