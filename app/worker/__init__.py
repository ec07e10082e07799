"""Worker processes: what runs in them, what they may use, how they are kept."""
