"""What stands on disk: the home and its safety, the lock, the document, the compiled copy."""
