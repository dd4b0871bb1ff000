"""What becomes of what people saved when something breaks, and what many at once are answered in: `make reliability`."""
