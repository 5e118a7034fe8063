"""`python -m cxr_desktop`, and the frozen program's entry."""

import multiprocessing

from cxr_desktop.cli import main
from cxr_desktop.frozen import settle_in

if __name__ == "__main__":
    # A library that starts processes starts the frozen program; this sends it where it is meant to go.
    multiprocessing.freeze_support()
    settle_in()
    main()
