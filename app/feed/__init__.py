"""What comes in and is kept: inbox, sources, archive."""
