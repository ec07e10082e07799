"""CAP 1.2: writing a message and checking one."""
