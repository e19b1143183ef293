#!/bin/sh
# Fails if the in-framework run counted no test: a tester that finds none passes silently.
#   count-tests.sh REPORTS
set -u
total=0
for report in "$1"/*/TEST-*.xml "$1"/TEST-*.xml; do
    [ -f "$report" ] || continue
    count=$(sed -n 's/.*<testsuite [^>]*tests="\([0-9]*\)".*/\1/p' "$report" | head -n 1)
    total=$((total + ${count:-0}))
done
echo "in-framework tests run: $total"
[ "$total" -gt 0 ] || { echo "no in-framework test was run; see $1" >&2; exit 1; }
