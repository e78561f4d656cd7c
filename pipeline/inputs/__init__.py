"""What comes in: session folders, lists, catalogues, events and captions, read and checked. Start at sessions.py."""
