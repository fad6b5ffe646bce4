"""What people choose and type, turned into the values actions take."""
