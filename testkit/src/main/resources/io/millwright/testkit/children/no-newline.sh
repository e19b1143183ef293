#!/bin/sh
# Prints "no newline" without one and lives on.
printf 'no newline'
exec sleep 3600
