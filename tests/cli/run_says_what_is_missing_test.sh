# SPDX-License-Identifier: Apache-2.0
# Where packages are missing and apt reaches nobody, ./run says which ones and how to bring them; where nothing is missing
# it asks for no network.
. "$TESTS/expect.sh"
run=$TESTS/../../run
mkdir bin
printf '#!/bin/sh\necho "$@" >>"%s/asked"\nexit 100\n' "$PWD" >bin/apt-get
printf '#!/bin/sh\nexec "$@"\n' >bin/sudo
# Of all packages one is missing.
printf '#!/bin/sh\nfor last; do :; done\n[ "$last" = "$(cat "%s/gone")" ] || printf "install ok installed"\n' "$PWD" >bin/dpkg-query
chmod +x bin/*
echo restic >gone
expect_exit 1 env PATH="$PWD/bin:$PATH" "$run" deps
expect_text err 'run: not installed, and needed: restic'
expect_text err 'apt-get install --no-install-recommends --download-only restic'
expect_text err 'once they are installed, the same command needs no network'
expect_text asked 'update -q'
expect_text asked 'install -q -y --no-install-recommends restic'
# No apt at all: another system.
rm bin/apt-get asked
mkdir few && for tool in sh env dirname cat sed id; do ln -s "$(command -v $tool)" few/; done
cp bin/dpkg-query bin/sudo few/
expect_exit 1 env PATH="$PWD/few" "$run" deps
expect_text err 'there is no apt-get here: the packages are those of Debian 12'
# Nothing is missing.
: >gone
printf '#!/bin/sh\necho "$@" >>"%s/asked"\nexit 100\n' "$PWD" >bin/apt-get
chmod +x bin/apt-get
expect_exit 0 env PATH="$PWD/bin:$PATH" "$run" deps
[ ! -e asked ] || { echo "asked apt for: $(cat asked)"; exit 1; }
