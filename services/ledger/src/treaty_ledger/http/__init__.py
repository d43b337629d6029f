"""Speak HTTP: take events in, serve what is recorded."""
