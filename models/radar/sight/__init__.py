"""What radars can see: the ground in the way of the beam, coverage, blind zones."""
