"""What stands between a new version and the readers of its answers: a test set that no training sees, and a verdict."""
