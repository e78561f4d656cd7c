"""The only package that opens connections: http_client.py, and the two that use it.

language_model.py asks a question (the stage RewordTakes), webhook.py reports publications (pipeline/publishing and the
server). Begin at http_client.py: one POST, bounded in time and size.
"""
