"""The headless face: one file a command, called by `app.cli`."""
