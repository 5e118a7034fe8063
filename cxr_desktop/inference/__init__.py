"""A model bundle -> predictions, heatmaps, lungs and image checks, on ONNX Runtime."""
