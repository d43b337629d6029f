"""Append immutable facts about treaties and serve them in order."""
