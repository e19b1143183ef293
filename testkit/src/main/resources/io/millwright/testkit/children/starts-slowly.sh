#!/bin/sh
# Prints "ready" only after as many seconds as the first argument says (default 2), and lives on.
sleep "${1:-2}"
echo ready
exec sleep 3600
