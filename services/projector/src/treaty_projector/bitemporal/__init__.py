"""Keep conclusions under two clocks: legal days, and sizes of the log."""
