#!/bin/sh
# Lays a Maven repository of what third parties build against; called by the build:
#   repository.sh TO VERSION ARTIFACT:POM[:JAR]...
# TO is made anew. "deploy:deploy-file" would do the same, but refuses to when Maven is offline. The time stamp in the
# names is what makes Maven notice that a build is newer than what it has cached.
set -eu
[ $# -ge 3 ] || { echo "usage: $0 TO VERSION ARTIFACT:POM[:JAR]..." >&2; exit 2; }
to=$1
version=$2
shift 2
rm -rf "$to"
day=$(date -u +%Y%m%d)
time=$(date -u +%H%M%S)

for entry in "$@"; do
    artifact=${entry%%:*}
    files=${entry#*:}
    folder=$to/io/millwright/$artifact/$version
    mkdir -p "$folder"
    case $version in
        *-SNAPSHOT) value=${version%SNAPSHOT}$day.$time-1 ;;
        *) value=$version ;;
    esac
    cp "${files%%:*}" "$folder/$artifact-$value.pom"
    kinds=pom
    case $files in
        *:*)
            cp "${files#*:}" "$folder/$artifact-$value.jar"
            kinds="pom jar"
            ;;
    esac
    [ "$value" != "$version" ] || continue
    {
        echo "<metadata modelVersion=\"1.1.0\"><groupId>io.millwright</groupId><artifactId>$artifact</artifactId>"
        echo "<version>$version</version><versioning>"
        echo "<snapshot><timestamp>$day.$time</timestamp><buildNumber>1</buildNumber></snapshot>"
        echo "<lastUpdated>$day$time</lastUpdated><snapshotVersions>"
        for kind in $kinds; do
            echo "<snapshotVersion><extension>$kind</extension><value>$value</value><updated>$day$time</updated></snapshotVersion>"
        done
        echo "</snapshotVersions></versioning></metadata>"
    } >"$folder/maven-metadata.xml"
done
