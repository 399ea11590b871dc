"""The chat API and the page, over HTTP in process."""
