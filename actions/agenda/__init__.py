"""The dates that a person must keep, and the reminders they ask for."""
