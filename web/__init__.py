"""What people see: the JSON API, and the player that `make web` builds into web/static."""
