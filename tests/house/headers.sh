#!/bin/sh
# Compiles every header of the house alone, so that each includes what it uses and warns of nothing.
#   headers.sh ROOT COMPILER FLAGS...
root=$1
compiler=$2
shift 2
failed=0
count=0
cd "$root" || exit 1
for header in include/strattio/*.h src/*/*.h; do
    case $header in
    src/store/*mongo*.h) continue ;; # of a module, which is compiled with flags of its own
    esac
    count=$((count + 1))
    printf '#include "%s"\nstruct one_declaration;\n' "${header#*/}" |
        "$compiler" -fsyntax-only -std=c17 -pedantic -Wall -Wextra -Wshadow -Wcast-qual \
            -Werror -D_GNU_SOURCE -Iinclude -Isrc "$@" -x c - || {
        echo "$header does not compile alone" >&2
        failed=1
    }
done
[ "$count" -gt 0 ] || {
    echo "no headers below $root" >&2
    exit 1
}
exit $failed
