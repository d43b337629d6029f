"""Tell receivers elsewhere, in signed requests, what membership changed in the record."""
