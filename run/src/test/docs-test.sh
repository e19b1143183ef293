#!/bin/sh
# Takes each JSON block of the documents that is a configuration and has `millwright check` look at it, from an unpacked
# distribution; those of guest.md's section "Examples" are run too.
#   docs-test.sh DISTRIBUTION DOCUMENT...
# A block is a whole node ({"version"), a worker ({"type"), or some options ("key": ...) of one. The line before a block may say
# <!-- check only -->, <!-- runs as root -->, <!-- this machine may not have it -->, which runs where it has, or the first and the last in one. Prints one line a check; exits 1 if one failed. Leaves nothing behind.
set -u
unset CDPATH MILLWRIGHT_DIR MILLWRIGHT_URL NOTIFY_SOCKET

[ $# -gt 1 ] || { echo "usage: $0 DISTRIBUTION DOCUMENT..." >&2; exit 2; }
here=$(cd -P "$(dirname "$0")" && pwd -P) || exit 1
mw=$(cd -P "$1" && pwd -P)/bin/millwright || exit 1
shift
temp=$(mktemp -d "${TMPDIR:-/tmp}/mwdXXXXXX") || exit 1
failed=0
checks=0
node=
# shellcheck source=run/src/test/checks.sh
. "$here/checks.sh"

clean_up() {
    [ -z "$node" ] || [ ! -s "$node/run/pid" ] || "$mw" stop --kill "$node" >/dev/null 2>&1
    rm -rf "$temp"
}
trap clean_up EXIT
trap 'exit 1' INT TERM HUP

# blocks DOCUMENT FOLDER: a folder for each block, named by its line, with node.json and how it is to be tried
blocks() {
    awk -v folder="$2" '
        /^## / { runs = /^## Examples/ }
        /^<!-- / { remark = $0; next }
        /^```json/ { at = NR; text = ""; next }
        /^```/ && at {
            if (text ~ /^\{"version"/) whole = text
            else if (text ~ /^\{"type"/) whole = "{\"version\": 2, \"workers\": [\n" text "]}"
            else if (text ~ /^"/) whole = "{\"version\": 2, \"workers\": [{\"type\": \"guest\", \"id\": \"w\", \"executable\": \"/bin/sleep\", \"options\": {\n" text "}}]}"
            else whole = ""
            if (whole != "") {
                how = remark ~ /check only.*may not have/ ? "maybe" : remark ~ /may not have/ ? "able" : remark ~ /check only/ || !runs ? "check" : remark ~ /as root/ ? "root" : "run"
                system("mkdir -p " folder "/" at)
                print whole >(folder "/" at "/node.json")
                print how >(folder "/" at "/how")
                close(folder "/" at "/node.json")
                close(folder "/" at "/how")
            }
            at = 0
        }
        at { text = text $0 "\n" }
        /./ && !at { remark = "" }' "$1"
}

# What examples take for granted, see guest.md.
furnish() {
    mkdir "$1/site" "$1/lib"
    : >"$1/lib/orders.jar"
    echo 'FROM_FILE=yes' >"$1/report.env"
    echo 1234 >"$1/pin.txt"
    echo t0ken >"$1/token.txt"
    chmod 600 "$1"/*.txt "$1/report.env"
    # Another user has to get to its working directory.
    chmod 755 "$temp" "$1"
}

# Nothing has failed, and nothing is on its way.
settled() {
    "$mw" -d "$node" node:doctor && "$mw" -d "$node" worker:list --all >"$temp/list" && cat "$temp/list" && ! grep -Eq ' (failed|starting|stopping) ' "$temp/list"
}

for document in "$@"; do
    name=$(basename "$document" .md)
    mkdir "$temp/$name"
    blocks "$document" "$temp/$name"
    for folder in "$temp/$name"/*/; do
        [ -f "$folder/how" ] || continue
        line=$(basename "$folder")
        how=$(cat "$folder/how")
        rm "$folder/how"
        furnish "$folder"
        # A reader's own programs need not be here, and a machine may lack what an example is about.
        case $how in
            check) but="executable: '.*' does not exist" ;;
            maybe | able) but='cannot be had' ;;
            *) but= ;;
        esac
        if [ -n "$but" ] && ! "$mw" check "$folder" >"$temp/refused" 2>&1; then
            expect "$name.md, line $line: is refused for that alone" 1 -- grep -v -e "$but" -e '^[0-9]* problem(s)$' "$temp/refused"
            continue
        fi
        expect "$name.md, line $line: check" 0 -- "$mw" check "$folder"
        case $how in check | maybe) continue ;; root) [ "$(id -u)" -eq 0 ] || continue ;; esac
        node=$folder
        expect "$name.md, line $line: start" 0 "is ready" -- timeout 120 "$mw" start "$node"
        eventually "$name.md, line $line: runs" settled
        expect "$name.md, line $line: stop" 0 "has stopped" -- timeout 60 "$mw" stop "$node"
        node=
    done
done
[ "$checks" -gt 20 ] || { echo "only $checks checks: where are the examples?"; failed=$((failed + 1)); }
echo "$checks checks, $failed failed"
exit "$((failed > 0))"
