"""What each command of the command line does, one a file. cli.py only says how they are called."""
