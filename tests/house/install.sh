#!/usr/bin/env bash
# Installs the build into a prefix of its own and runs the program from there, without the source tree's help.
#   install.sh BUILD
set -euo pipefail
build=$1
prefix=$(mktemp -d)
trap 'rm -rf "$prefix"' EXIT
cmake --install "$build" --prefix "$prefix" >/dev/null

for file in bin/strattio share/man/man1/strattio.1 share/strattio/assets/finance/plan.model \
    share/bash-completion/completions/strattio share/zsh/site-functions/_strattio \
    share/fish/vendor_completions.d/strattio.fish; do
    [ -s "$prefix/$file" ] || { echo "$file was not installed"; exit 1; }
done
[ -n "$(find "$prefix" -name store_mongo.so)" ] || { echo "the MongoDB module was not installed"; exit 1; }

# An asset only the installed copy has tells whose assets are read.
sed -i 's/"Business name"/"Name of the installed business"/' "$prefix"/share/strattio/assets/intake/1-business.questions
env -u STRATTIO_ASSETS HOME="$prefix" XDG_DATA_HOME="$prefix/data" "$prefix/bin/strattio" schema intake |
    grep "Name of the installed business" >/dev/null || { echo "the installed assets are not used"; exit 1; }
echo "installed and run from $prefix: 0 failed"
