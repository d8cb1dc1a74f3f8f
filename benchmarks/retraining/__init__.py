"""How long a retraining takes while the service answers, and what it costs those who ask."""
