"""Open shelf of decoders: one file per format, chosen by content."""
