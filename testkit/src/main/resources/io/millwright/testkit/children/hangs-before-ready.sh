#!/bin/sh
# Prints nothing, is never ready, and lives.
exec sleep 3600
