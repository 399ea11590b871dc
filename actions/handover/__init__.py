"""Passing a conversation on to a human, with what they need to act."""
