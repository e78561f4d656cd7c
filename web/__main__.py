"""`python -m web` is `kandian`."""

from web.cli import main

if __name__ == "__main__":
    main()
