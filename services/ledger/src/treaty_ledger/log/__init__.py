"""Sign the log over what is recorded, and prove what it holds (C2SP tlog-tiles)."""
