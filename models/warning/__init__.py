"""The warning: signals, draft, life, wording."""
