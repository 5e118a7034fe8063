"""Files <-> Radiograph: DICOM, pictures, folders and archives, model input, thumbnails, overlays."""
