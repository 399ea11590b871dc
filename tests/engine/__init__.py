"""The engine: understanding, turns, wording of answers."""
