"""The ways people reach the assistant."""
