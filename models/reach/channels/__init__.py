"""Open shelf of channels: one file each, registered here."""
