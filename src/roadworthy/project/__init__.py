"""What is on disk: source files, configuration, the virtual environment, the cache."""
