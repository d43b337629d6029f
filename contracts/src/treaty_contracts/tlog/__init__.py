"""Speak the formats of transparency logs (RFC 6962, C2SP tlog-tiles), so that strangers' programs verify this log."""
