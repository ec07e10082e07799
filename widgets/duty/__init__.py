"""The log of the duty."""
