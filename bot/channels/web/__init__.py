"""The chat on web pages: the chat API, and the page that uses it."""
