"""The API: one blueprint for each resource."""
