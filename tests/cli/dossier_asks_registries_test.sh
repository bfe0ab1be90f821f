# SPDX-License-Identifier: Apache-2.0
# A registry is asked only when that is said, and told to be asked; its answer is evidence of the case, shown with the time
# it was asked; an answer that is none is said to be none; nobody on the loopback is asked unless named.
. "$TESTS/expect.sh"
command -v curl >/dev/null || { echo "curl is missing: apt-get install curl"; exit 1; }
cat >server.py <<'PY'
import http.server
GOLDEN = b'{"objectClassName":"ip network","handle":"H-1","startAddress":"193.0.0.0","endAddress":"193.0.7.255","name":"NET-ONE","country":"NL","entities":[{"roles":["registrant"],"vcardArray":["vcard",[["kind",{},"text","org"],["fn",{},"text","Net One Ltd"]]]}]}'
class Registry(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = GOLDEN if self.path == "/ip/193.0.6.139" else b'{"errorCode":404}'
        self.send_response(200 if body is GOLDEN else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *_):
        with open("asked", "a") as log:
            log.write(self.path + "\n")
server = http.server.HTTPServer(("127.0.0.1", 0), Registry)
open("port.new", "w").write(str(server.server_port))
import os
os.rename("port.new", "port")
server.serve_forever()
PY
python3 server.py </dev/null >/dev/null 2>&1 &
server=$!
trap 'kill $server' EXIT
tries=0
while [ ! -f port ]; do tries=$((tries + 1)); [ $tries -lt 200 ] || { echo "no server"; exit 1; }; sleep 0.05; done
url="http://127.0.0.1:$(cat port)/"
: >asked
"$LASTGOOD" case new c.case >new
custody="--by R.Nair --where here --authority order"

# Nothing is asked unless that is said, and not without custody or a server.
expect_exit 0 "$LASTGOOD" --case c.case dossier 193.0.6.139
expect_exit 2 "$LASTGOOD" --case c.case dossier 193.0.6.139 --rdap --rdap-server "$url"
expect_exit 2 "$LASTGOOD" --case c.case dossier 193.0.6.139 --rdap $custody
printf '{"services":[[["193.0.0.0/8"],["%s"]],[["192.0.0.0/8"],["https://127.0.0.1/"]]]}' "$url" >ipv4.json
expect_exit 3 "$LASTGOOD" --case c.case dossier 193.0.6.139 --rdap --rdap-bootstrap ipv4.json $custody
expect_exit 3 "$LASTGOOD" --case c.case dossier 192.88.0.1 --rdap --rdap-bootstrap ipv4.json $custody
expect_text err 'is not asked: it is no address outside'
[ ! -s asked ] || { echo "somebody was asked"; cat asked; exit 1; }

# Asked: the answer is evidence, and a level of its own, also later.
expect_exit 0 "$LASTGOOD" --case c.case dossier 193.0.6.139 --rdap --rdap-server "$url" $custody
expect_text out 'Asking a registry tells it who asks, from which address, and about which address.'
expect_text out 'status 200, kept as E-0001'
expect_exit 0 "$LASTGOOD" --case c.case dossier --json 193.0.6.139
expect_text out '"level":"registered to (RDAP)"'
expect_text out 'Net One Ltd; network NET-ONE; handle H-1'
expect_text out 'kept as E-0001'
[ "$(wc -l <asked)" -eq 1 ] || { echo "asked again"; exit 1; }
expect_exit 0 "$LASTGOOD" --case c.case evidence verify E-0001
expect_exit 0 "$LASTGOOD" --case c.case ledger verify

# An answer that knows nothing is kept, too; an address of the house is never asked about.
expect_exit 0 "$LASTGOOD" --case c.case dossier 193.9.9.9 10.0.0.1 --rdap --rdap-server "$url" $custody
expect_text out 'unknown: the registry answered with status 404'
[ "$(wc -l <asked)" -eq 2 ] || { echo "the house was asked about"; exit 1; }

# A kept answer that was changed says nothing.
chmod u+w c.case/registry/0001.json && printf ' ' >>c.case/registry/0001.json
expect_exit 0 "$LASTGOOD" --case c.case dossier --json 193.0.6.139
expect_text out 'somebody changed it'
