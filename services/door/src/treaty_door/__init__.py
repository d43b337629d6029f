"""Let HTTP requests in, within limits: what both services refuse, and how both are watched."""
