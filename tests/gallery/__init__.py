"""Pictures of every screen: `make gallery`."""
