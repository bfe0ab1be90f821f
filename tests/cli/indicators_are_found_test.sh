# SPDX-License-Identifier: Apache-2.0
# What an attacker leaves is found in notes, heads of encrypted files, names, wide text and images, each with its place;
# what is the hospital's own is kept apart.
. "$TESTS/expect.sh"
mkdir -p srv/a
{ printf 'ID=77 dog2398@protonmail.com mouse63209@protonmail.com\n'; seeded_bytes 20000 body; } >srv/a/x.docx.bak9
{ printf 'Your files are locked. Write to mouse63209@protonmail[.]com or hxxp://evil.example.com/pay\n'
  printf 'Pay to bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4. Your ID: 91B09485B9301061\n'; } >srv/README.txt
printf 'ask admin@hospital.example.in, 10.0.0.7, seen 203.0.113.9 and 8.8.8.8:4444\n' >srv/sshd.log
printf 'fox@mailbox.example.org' | iconv -t UTF-16LE >srv/wide.txt
: >'srv/b.pdf.id[1A2B3C4D-2803].[fox1204@mailbox.example.org].eight'
{ seeded_bytes 3000000 image; printf ' 198.51.100.77 dog2398@protonmail.com '; seeded_bytes 1000000 rest; } >srv/disk.img
stat -c '%n %x %y %z' srv/* srv/a/* >before

expect_exit 1 "$LASTGOOD" indicators --own hospital.example.in srv --json
stat -c '%n %x %y %z' srv/* srv/a/* | diff before -
expect_text out '"kind":"email","value":"dog2398@protonmail.com","level":"shape","path":"'"$PWD"'/srv/a/x.docx.bak9","offset":6,'
expect_text out '"value":"dog2398@protonmail.com","level":"shape","path":"'"$PWD"'/srv/disk.img","offset":3000015,'
expect_text out '"kind":"btc","value":"bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4","level":"checksum"'
expect_text out '"kind":"victim_id","value":"91B09485B9301061","level":"context"'
expect_text out '"kind":"url","value":"http://evil.example.com/pay"'
expect_text out '"kind":"ipv4","value":"8.8.8.8",'
expect_text out '"port":4444'
expect_text out '"encoding":"utf-16le"'
expect_text out '"in_name":true'
expect_text out "\"file_sha256\":\"$(sha256sum <srv/disk.img | cut -d' ' -f1)\""
expect_no_text out 'hospital.example.in'
expect_no_text out '"10.0.0.7"'
grep '"defanged":true' out | grep -q mouse63209

expect_exit 1 "$LASTGOOD" indicators --own hospital.example.in --all srv --json
expect_text out '"value":"admin@hospital.example.in"'
expect_text out '"apart":"own"'
expect_text out '"apart":"internal"'
expect_exit 1 "$LASTGOOD" indicators srv
expect_text out 'mouse63209@protonmail.com'
expect_text out 'kept apart as internal'
expect_exit 11 "$LASTGOOD" indicators nowhere
expect_exit 2 "$LASTGOOD" indicators --own nonsense srv
# A whole disk is read like a file.
truncate -s 8M disk.img
printf 'mail cat77@mail.example.com now' | dd of=disk.img bs=1 seek=4194304 conv=notrunc 2>/dev/null
disk=$(losetup --find --show --read-only disk.img)
trap 'losetup -d "$disk"' EXIT
expect_exit 1 "$LASTGOOD" indicators --json "$disk"
expect_text out '"value":"cat77@mail.example.com"'
expect_text out '"offset":4194309'
