"""Preparing the application for unemployment benefit, over several days."""
