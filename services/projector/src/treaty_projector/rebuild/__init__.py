"""Make a generation of the read model anew, compare it with the one that answers, and switch."""
