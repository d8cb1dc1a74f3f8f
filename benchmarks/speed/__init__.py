"""How fast Lanmu and its peers are, measured side by side in one run."""
