#!/bin/sh
# Drives the packed distribution through its command line on the JDK of this build and, where one stands beside it, on 25;
# then faults, the chat and the examples of the documents, then a minute of chaos.
#   cli-tests.sh ARCHIVE JAVA_HOME
set -u
here=$(cd "$(dirname "$0")" && pwd)
failed=0
tested=
for home in "$2" "$(dirname "$(readlink -f "$2")")"/*; do
    [ -x "$home/bin/java" ] && [ -r "$home/release" ] || continue
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release")
    case " $tested " in *" $version "*) continue ;; esac
    [ "$home" = "$2" ] || [ "$version" = 25 ] || continue
    tested="$tested $version"
    echo "--- command line on Java $version"
    JAVA_HOME=$home sh "$here/cli-test.sh" "$1" || failed=1
done
# Faults made for real.
echo "--- faults"
# Other users run nodes from there.
unpacked=$(mktemp -d) && chmod 755 "$unpacked"
tar -xzf "$1" -C "$unpacked" && JAVA_HOME=$2 sh "$here/fault-test.sh" "$unpacked"/millwright-* || failed=1
rm -rf "$unpacked"
# The chat.
echo "--- examples/router"
unpacked=$(mktemp -d)
tar -xzf "$1" -C "$unpacked" && JAVA_HOME=$2 sh "$here/chat-test.sh" "$unpacked"/millwright-* || failed=1
rm -rf "$unpacked"
# The examples of the documents.
echo "--- examples"
unpacked=$(mktemp -d)
tar -xzf "$1" -C "$unpacked" && JAVA_HOME=$2 sh "$here/docs-test.sh" "$unpacked"/millwright-* "$here"/../../../docs/*.md "$here/../../../README.md" || failed=1
rm -rf "$unpacked"
# A slice of bench/soak, with other seeds each time; it prints its seed.
if command -v python3 >/dev/null && command -v perl >/dev/null; then
    echo "--- a minute of chaos"
    unpacked=$(mktemp -d)
    tar -xzf "$1" -C "$unpacked" && JAVA_HOME=$2 "$here/../../../bench/soak" --seconds 60 --home "$unpacked"/millwright-* || failed=1
    rm -rf "$unpacked"
fi
exit "$failed"
