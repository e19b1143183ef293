#!/bin/sh
# Prints "ready", closes its output and lives on.
echo ready
exec >&- 2>&-
exec sleep 3600
