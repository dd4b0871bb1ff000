"""What differs between the databases that an installation can keep its data in; everything else is the same SQL."""
