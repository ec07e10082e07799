"""Messages on their way, and who has answered."""
