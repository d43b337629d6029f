"""Turn a depositary's status table into events, post them, and account for every row."""
