"""Answer who is bound by what, on any day, according to what was recorded by any instant."""
