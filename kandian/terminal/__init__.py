"""What people see in a terminal: progress while a run goes on, and results as tables, charts and lines.

Every text from outside goes through `domain.text.printable` before it is printed. Only kandian/cli imports this
package. Begin with highlights_table.py, which `kandian show` prints, and progress.py.
"""
