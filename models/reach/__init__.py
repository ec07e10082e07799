"""How a warning reaches people: audience, outbox, channels, receipts."""
