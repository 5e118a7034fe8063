"""A look at this computer, for `cxr-desktop doctor` and *Help → Check this computer* alike; without Qt."""
