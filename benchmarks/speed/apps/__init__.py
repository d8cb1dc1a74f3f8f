"""The peers that run as processes: servers and a batch."""
