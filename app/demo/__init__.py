"""The fictional county of Qinglan: its land, its storm, its people."""
