"""What stays on the disk: catalogue, backups, copied films, settings, models. Sees only the domain."""
