"""The Common Alerting Protocol 1.2: writing our messages, and checking anybody's."""
