"""The map: canvas, painters, and the cards that lie on it."""
