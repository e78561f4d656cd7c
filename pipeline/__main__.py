"""`python -m pipeline` is `kandian`."""

from pipeline.cli import main

if __name__ == "__main__":
    main()
