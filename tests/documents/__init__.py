"""Files that go with a message, read back with the libraries that others read them with."""
