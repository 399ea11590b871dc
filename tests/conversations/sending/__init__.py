"""Conversations of people who have logged in, with the sandbox behind them."""
