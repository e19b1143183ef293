# Sourced by the tests of the command line, which set $temp and count in $checks and $failed.
# shellcheck shell=sh disable=SC2154

# expect WHAT CODE [PATTERN] -- COMMAND...: the exit code, and an extended regex that the output has
expect() {
    what=$1
    code=$2
    pattern=
    shift 2
    [ "$1" = -- ] || { pattern=$1; shift; }
    shift
    checks=$((checks + 1))
    "$@" >"$temp/out" 2>&1 </dev/null
    got=$?
    if [ "$got" -ne "$code" ]; then
        echo "FAILED  $what: exit code $got, expected $code; output:"
        sed 's/^/        /' "$temp/out"
        failed=$((failed + 1))
    elif [ -n "$pattern" ] && ! grep -Eq -e "$pattern" "$temp/out"; then
        echo "FAILED  $what: no '$pattern' in the output:"
        sed 's/^/        /' "$temp/out"
        failed=$((failed + 1))
    else
        echo "ok      $what"
    fi
}

# eventually WHAT COMMAND...: within 60 s
eventually() {
    what=$1
    shift
    checks=$((checks + 1))
    end=$(($(date +%s) + 60))
    until "$@" >"$temp/out" 2>&1; do
        if [ "$(date +%s)" -ge "$end" ]; then
            echo "FAILED  $what: not within 60 s; last output:"
            sed 's/^/        /' "$temp/out"
            failed=$((failed + 1))
            return 1
        fi
        sleep 0.1 2>/dev/null || sleep 1
    done
    echo "ok      $what"
}
