"""The subcommands of `treaty-projector`, beside those that serve."""
