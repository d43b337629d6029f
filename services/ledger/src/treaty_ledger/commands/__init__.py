"""The subcommands of `treaty-ledger`, beside `serve`."""
