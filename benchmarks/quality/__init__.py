"""How well Lanmu and its peers label the same pages after training on the same seeds."""
