"""The radar picture at the desk: its desks, jobs and wires."""
