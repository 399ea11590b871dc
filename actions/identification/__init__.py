"""Finding out whose login it is."""
