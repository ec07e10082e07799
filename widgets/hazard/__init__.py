"""Alarms and points, as the operator sees them."""
