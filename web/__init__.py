"""What people see: the player, built into web/static by `make web`."""
