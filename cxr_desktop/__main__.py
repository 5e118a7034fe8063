"""`python -m cxr_desktop`, and the frozen program's entry."""

from cxr_desktop.cli import main

if __name__ == "__main__":
    main()
