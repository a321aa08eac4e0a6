"""Models: what turns a scan into an encoding and a text into a vector."""
