"""Answer questions over HTTP, as the contract of the API says."""
