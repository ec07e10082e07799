"""Values into drawings: arrays in map meters, by kind of drawing."""
