"""What is true: radar, rain, hazard, warning, reach, duty, and the store that keeps it."""
