#!/usr/bin/env bash
# A simulated month of 10,000 databases: how long after its time work begins, and how much begins a minute.
#   ./pgcharter bench schedule
# Prints `figure` lines. Exits 0 whatever they say; anything else means that something broke. See bench/README.md.
set -euo pipefail

home=$(dirname -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")")
cd "$home"
log=$(mktemp)
trap 'rm -f -- "$log"' EXIT
mvn -B test -Dtest=FleetSimulationTest -Dsurefire.failIfNoSpecifiedTests=false >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
grep -h '^figure ' "$home"/target/surefire-reports/*.FleetSimulationTest-output.txt
