"""Qt threads and child processes around plain functions. QtCore and QtNetwork's local sockets only."""
