#!/bin/sh
echo "in $(basename "$PWD")"
for word in "$@"; do printf "<%s>\n" "$word"; done
