"""The exercise: a fictional county, its storm, its people, and what they send to the inbox."""
