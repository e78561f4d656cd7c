"""`python -m kandian` is `kandian`."""

from kandian.cli import main

if __name__ == "__main__":
    main()
