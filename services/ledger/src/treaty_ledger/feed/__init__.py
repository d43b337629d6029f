"""Tell readers what is recorded while it is being recorded."""
