"""What every floor stands on: settings, clock, errors, wording, database, outbox. Imports nothing else of ours."""
