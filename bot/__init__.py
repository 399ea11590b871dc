"""The running program: the engine, the channels and the command line."""
