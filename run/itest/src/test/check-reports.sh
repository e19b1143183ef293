#!/bin/sh
# Says which in-framework tests failed, and why; fails if one did, or if none was run: a tester that finds none, and one whose
# JVM dies, would pass. bnd's own plugin says only how many failed, so it is told to leave the verdict to this.
#   check-reports.sh REPORTS
set -u
total=0
failed=0
for report in "$1"/*/TEST-*.xml "$1"/TEST-*.xml; do
    [ -f "$report" ] || continue
    count=$(sed -n 's/.*<testsuite [^>]*tests="\([0-9]*\)".*/\1/p' "$report" | head -n 1)
    total=$((total + ${count:-0}))
    count=$(grep -Ec '<(failure|error)[ >]' "$report")
    failed=$((failed + count))
    awk '
        /<testcase / { test = $0; sub(/.*<testcase name="/, "", test); sub(/".*/, "", test) }
        /<(failure|error)[ >]/ { print "FAILED " test; inside = 1 }
        inside { print "  " $0 }
        /<\/(failure|error)>/ { inside = 0 }
    ' "$report" >&2
done
echo "in-framework tests run: $total, failed: $failed"
[ "$total" -gt 0 ] || { echo "no in-framework test was run; see $1" >&2; exit 1; }
[ "$failed" -eq 0 ]
