"""What a browser may ask for: each view shows something, or calls one action and goes on."""
