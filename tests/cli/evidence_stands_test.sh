# SPDX-License-Identifier: Apache-2.0
# Evidence is taken with its chain of custody, signed, stamped by an authority, printed, and handed out as a folder; then
# a stranger types what the README says, with sha256sum and openssl, and one changed bit anywhere is found and located.
. "$TESTS/expect.sh"
expect_exit 0 "$LASTGOOD" case new night
export LASTGOOD_CASE=$PWD/night.case
mkdir -p scene/lab
seeded_bytes 300000 results >scene/lab/results.csv.bak9
printf 'write to dog2398@example.org\n' >scene/lab/'READ ME.txt'
ln -s /etc/passwd scene/lab/link
touch -d @1669000000 scene/lab/*
stat -c '%n %x %y %z' scene/lab/* >before

# Who, where, why and on whose authority are asked for.
expect_exit 2 "$LASTGOOD" evidence add scene/lab --by 'SI R. Nair' </dev/null
expect_text err 'the custody record lacks --where, --why, --authority'
set -- --by 'SI R. Nair' --where 'server room 2' --why 'FIR 349/22' --authority 'order 17' --witness 'A. Kumar'
expect_exit 0 "$LASTGOOD" evidence add scene/lab --keep --device Server "$@"
expect_text out 'E-0001  folder'
expect_exit 0 "$LASTGOOD" evidence add scene/lab/results.csv.bak9 "$@"
stat -c '%n %x %y %z' scene/lab/* | diff before -
for sum in sha256sum sha1sum md5sum; do expect_text out "$($sum <scene/lab/results.csv.bak9 | cut -d' ' -f1)"; done
expect_exit 2 "$LASTGOOD" evidence note E-0001 --by 'R. Nair' --and 'r.nair' 'sealed'
expect_text err 'two different persons'
expect_exit 0 "$LASTGOOD" evidence note E-0001 --by 'R. Nair' --and 'A. Kumar' 'sealed in bag 12'
expect_exit 0 "$LASTGOOD" evidence hand-over E-0001 --from 'R. Nair' --to FSL --where Delhi --why analysis --authority 'letter 9'
expect_text out 'handed over by R. Nair to FSL at Delhi: analysis; on the authority of letter 9'
expect_exit 0 "$LASTGOOD" evidence list --json
expect_text out '"kind":"handed-over"'
expect_exit 0 "$LASTGOOD" evidence verify
expect_text out 'E-0001 kept: 2 same, 0 differ'

# A path that is not there keeps nothing else from being taken; an original that is away keeps nothing from being verified.
expect_exit 3 "$LASTGOOD" evidence add scene/nothing scene/lab/'READ ME.txt' "$@"
expect_text out 'E-0003  file'
expect_text err "cannot open 'scene/nothing'"
mv scene away
expect_exit 3 "$LASTGOOD" evidence verify
expect_text out 'E-0001 original: not here'
expect_text out 'E-0001 kept: 2 same, 0 differ'
mv away scene
expect_exit 0 "$LASTGOOD" evidence certificate e-0002 --out sheet.html
expect_text sheet.html 'Part B'
expect_exit 2 "$LASTGOOD" evidence certificate E-0009

# A whole device, where the system lets one be made.
if disk=$(seeded_bytes 100352 disk >image && losetup -r -f --show image 2>/dev/null); then
  expect_exit 0 "$LASTGOOD" evidence add "$disk" "$@" --json
  expect_text out '"kind":"device"'
  expect_text out "$(sha256sum <image | cut -d' ' -f1)"
  losetup -d "$disk"
fi

# A key on a stick, a signed head, paper, and an authority that is reached by hand.
echo 'correct horse' >words
expect_exit 2 "$LASTGOOD" ledger key new --out night.case/key.pem --passphrase-file words
expect_exit 0 "$LASTGOOD" ledger key new --out key.pem --passphrase-file words
expect_text key.pem 'ENCRYPTED PRIVATE KEY'
expect_exit 0 "$LASTGOOD" ledger sign --key key.pem --passphrase-file words --json
size=$(sed 's/.*"entries":\([0-9]*\).*/\1/' out)
root=$(sed 's/.*"root":"\([0-9a-f]*\)".*/\1/' out)
echo wrong >other
expect_exit 2 "$LASTGOOD" ledger sign --key key.pem --passphrase-file other
expect_text err 'check the passphrase'
expect_exit 0 "$LASTGOOD" ledger head --entries "$size" --html head.html --text head.txt
expect_text head.html '<svg'
tr -d ' \n' <head.txt | grep -qF "$root"
expect_exit 0 "$LASTGOOD" ledger timestamp request --entries "$size" --out head.tsq
mkdir authority
cat >authority/ts.cnf <<'CNF'
[tsa]
default_tsa = tsa_config
[tsa_config]
serial = serial
signer_cert = tsa.pem
signer_key = tsa.key
certs = ca.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
[tsa_ext]
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
CNF
(cd authority && echo 01 >serial &&
  openssl req -x509 -newkey ed25519 -nodes -keyout ca.key -out ca.pem -days 3650 -subj '/CN=Root' &&
  openssl req -newkey rsa:2048 -nodes -keyout tsa.key -out tsa.csr -subj '/CN=Time' &&
  openssl x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 3650 -extfile ts.cnf -extensions tsa_ext -out tsa.pem &&
  openssl ts -reply -config ts.cnf -queryfile ../head.tsq -out ../head.tsr) >authority.log 2>&1
expect_exit 42 "$LASTGOOD" ledger timestamp add head.tsr --ca authority/tsa.csr
expect_exit 42 "$LASTGOOD" ledger timestamp add head.tsq --ca authority/ca.pem
expect_text err 'no reply of a time-stamping authority'
expect_exit 0 "$LASTGOOD" ledger timestamp add head.tsr --ca authority/ca.pem
expect_exit 0 "$LASTGOOD" ledger timestamp add head.tsr --ca authority/ca.pem
(cd authority && openssl ts -reply -config ts.cnf -queryfile ../head.tsq -out ../second.tsr
  openssl ts -query -data ts.cnf -sha512 -out bad.tsq && openssl ts -reply -config ts.cnf -queryfile bad.tsq -out ../refused.tsr) >>authority.log 2>&1
expect_exit 0 "$LASTGOOD" ledger timestamp add second.tsr --ca authority/ca.pem
expect_exit 42 "$LASTGOOD" ledger timestamp add refused.tsr --ca authority/ca.pem
expect_text err 'the authority refused to give a time stamp: it does not know the algorithm'
expect_exit 0 "$LASTGOOD" ledger verify
expect_text out '2 time stamps are noted and hold'
openssl pkey -in key.pem -passin file:words -pubout -out pub.pem
expect_exit 0 "$LASTGOOD" ledger verify --key pub.pem
openssl genpkey -algorithm ed25519 | openssl pkey -pubout -out stranger.pem
expect_exit 41 "$LASTGOOD" ledger verify --key stranger.pem

# Proofs, with and without this program.
expect_exit 0 "$LASTGOOD" ledger proof 2 --entries "$size" --out entry.proof
expect_exit 0 "$LASTGOOD" ledger proof --check entry.proof --head "$size:$root"
python3 "$TESTS/../../tools/check_ledger.py" --proof entry.proof >/dev/null
sed 's/server room 2/server room 3/' entry.proof >forged.proof
expect_exit 41 "$LASTGOOD" ledger proof --check forged.proof
! python3 "$TESTS/../../tools/check_ledger.py" --proof forged.proof >/dev/null || exit 1
expect_exit 0 "$LASTGOOD" ledger consistency "$size:$root"
expect_exit 41 "$LASTGOOD" ledger consistency "$size:$(printf '%064d' 0)"
expect_exit 2 "$LASTGOOD" ledger consistency 9999

# The folder for the court, checked as its README says.
expect_exit 0 "$LASTGOOD" evidence export court --key key.pem --passphrase-file words
expect_text out "$(sha256sum <court/SHA256SUMS | cut -d' ' -f1)"
sed -n 's/^    \$ //p' court/README.txt >steps
[ "$(wc -l <steps)" -ge 9 ]
check_steps() {
  while IFS= read -r step; do (cd court && sh -c "$step") </dev/null >>steps.log 2>&1 || return 1; done <steps
}
check_steps || { echo "a step fails"; cat steps.log; exit 1; }
(cd scene/lab && sha256sum -c --quiet ../../court/evidence/E-0001/original.sha256)
for file in ledger heads/head-$size.txt heads/head-$size.sig heads/head-$size.tsr heads/head-$size.2.tsr evidence/E-0001/files/000001; do
  cp court/$file whole
  python3 - court/$file <<'PY'
import sys
name = sys.argv[1]
data = bytearray(open(name, "rb").read())
data[len(data) // 2] ^= 4
open(name, "wb").write(data)
PY
  ! check_steps || { echo "the steps do not notice $file"; exit 1; }
  cp whole court/$file
done

# Nor does a forger get by who mends the sums behind what he changed.
cp -r court forged
printf 'another letter\n' >forged/evidence/E-0001/files/000001
for sum in sha256 sha1 md5; do (cd forged/evidence/E-0001 && ${sum}sum files/* >files.$sum); done
(cd forged && find . -type f ! -name SHA256SUMS -printf '%P\n' | xargs sha256sum >SHA256SUMS)
mv court whole-court && mv forged court
! check_steps || { echo "the steps do not notice a forger"; exit 1; }
rm -r court && mv whole-court court

# One changed bit is found and located: in the original, a kept copy, the ledger, a head.
flip() { python3 -c 'import sys; n, at = sys.argv[1], int(sys.argv[2]); d = bytearray(open(n, "rb").read()); d[at] ^= 16; open(n, "wb").write(d)' "$@"; }
flip scene/lab/results.csv.bak9 123456
expect_exit 1 "$LASTGOOD" evidence verify E-0002
expect_text out 'one bit explains it: byte 123456'
flip night.case/kept/E-0001/000003 77
expect_exit 1 "$LASTGOOD" evidence verify E-0001 --kept --json
expect_text out '"offset":77'
flip night.case/kept/E-0001/000003 77
cp night.case/ledger whole
flip night.case/ledger 1500
expect_exit 41 "$LASTGOOD" ledger verify
expect_text out 'one bit explains it: byte 1500'
cp whole night.case/ledger
flip "night.case/heads/head-$size.txt" 40
expect_exit 41 "$LASTGOOD" ledger verify
expect_text out "heads/head-$size.txt was changed at byte 40"
