"""What comes into kandian: sessions, catalogues, event logs and captions, found, read and refused.

find_sessions.py turns folders, lists and flags into SessionSources (session_source.py); read_session.py reads and
checks the files of one. catalog.py, events.py, captions.py and product_photos.py each read one kind of file. Errors
name file, line and field, and say what to write instead: people read them who did not write kandian. The runner, the
command line and learning import this package. Begin with find_sessions.py and read_session.py.
"""
