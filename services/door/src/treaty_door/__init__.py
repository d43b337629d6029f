"""Let HTTP requests in, within limits: what both services refuse before they look at what is asked."""
