"""A model bundle -> predictions, heatmaps, lungs and image checks, on ONNX Runtime."""

import os

# From 1.29 on ONNX Runtime reports its use to its maker on all systems: it leaves an identifier in the user's
# home and looks for the network. It reads this once, when it is imported; all who import it come by here.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
