"""Name the law by which everything is concluded."""

from typing import Final

LAW: Final = 2
"""Raise it with every change of what is concluded, or of how it is written as rows.

A read model folded by one law is never continued by another: it is rebuilt as a generation of its own, and compared.
"""
