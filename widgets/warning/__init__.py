"""The warning in the making and those in force."""
