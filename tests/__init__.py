"""Tests of behaviour, in folders that mirror the tree; `conversations/` holds dialogues from end to end."""
