"""The console of the helpdesk, at `/helpdesk`: agents see the queue, work on cases and answer people."""
