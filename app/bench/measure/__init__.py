"""What the radar's benches are made of: the scene, the clockwork, the rows by subject, and the peers."""
