"""Tell a time that only goes on when it is told to."""


class Clock:
    """Be a clock for tests."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        """Return the time, in seconds."""
        return self.now
