"""How well people are understood, on a split that was written apart and is never trained on."""
