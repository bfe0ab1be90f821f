# SPDX-License-Identifier: Apache-2.0
# What a tired clerk gets wrong is seen: another person's number, a number that nobody printed. It is asked for, kept when the
# paper has it so, shown until a person decides, and not exported before.
. "$TESTS/expect.sh"
expect_exit 0 "$LASTGOOD" case new h.case
expect_exit 0 "$LASTGOOD" case describe --zone +05:30
day=$(date -u -d yesterday +%F)
mkdir h.case/backentry
echo '{"block":"W-0001..W-0099","first":0,"count":9,"sheet":"ward-census","packet":"W-1","given":"2022-11-23T01:00:00.000000000Z"}' >h.case/backentry/numbers.jsonl
# paper NUMBER NAME PHONE: an admission.
paper() { printf '%s\n' "$1" admission '' "$3" "$2" U '' W-1 fever "$day 09:10" ''; }
enter() { "$LASTGOOD" sheets enter --by 'Clerk Tom' "$@"; }
paper W-0001 'Sunita Devi' 9876543210 >one
expect_exit 0 enter <one
# The same paper, typed twice.
expect_exit 3 enter <one
expect_text out "entry 1 says the same already (number, person, text and time): look whether it is the same paper; '=' before the paper_time keeps it"
paper W-0001 'Ravi Kumar' 5551111111 >two
expect_exit 3 enter <two
expect_text out "'W-0001' is another person's already (entry 1: admission of Sunita Devi, U, 9876543210): another telephone, another name"
expect_text out "'=' before the number keeps it"
expect_exit 3 enter --json <two
grep -q '"kept":false,"text":"","mistakes":\[\],"doubts":\[".W-0001. is another' out || { cat out; exit 1; }
paper W-0077 'Anil Sharma' 5552222222 >three
expect_exit 3 enter <three
expect_text out "no sheet of this case has the number 'W-0077'"
# Paper is paper: it is kept when a person says that it stands there.
paper =W-0001 'Ravi Kumar' 5551111111 >two
paper =W-0077 'Anil Sharma' 5551111111 >three
cat two three >both
expect_exit 0 enter <both
expect_text out 'kept as entry 2: admission W-0001'
expect_text out 'kept as entry 3: admission W-0077'
for form in hl7 csv; do
  expect_exit 3 "$LASTGOOD" sheets export --form $form --out back
  [ ! -e back ]
  expect_text err 'CONFLICT: W-0001 stands for more than one person (another name, another telephone)'
done
# What is named as the way out works as it is printed.
expect_text err "sheets match --decide ENTRY --number NUMBER (or --new) --by NAME"
expect_no_text err '--overrule'
expect_exit 3 "$LASTGOOD" sheets export --json
grep -q '"type":"back_entry_conflict","number":"W-0001","reasons":\["another name","another telephone"\],"entries":\[1,2\]' out || { cat out; exit 1; }
# Half a decision is said at once, and still nothing is exported; one decision about two entries is one person, and who they
# are must not contradict each other.
expect_exit 2 "$LASTGOOD" sheets match --decide 2 3 --new --by 'Dr Rao'
expect_text err 'these have another name: entry 2: admission of Ravi Kumar, U, 5551111111; entry 3: admission of Anil Sharma, U, 5551111111'
expect_exit 0 "$LASTGOOD" sheets match --decide 2 3 --new --as-written --by 'Dr Rao'
expect_text out 'only some are decided'
expect_exit 3 "$LASTGOOD" sheets export
expect_exit 2 "$LASTGOOD" sheets match --decide 1 --number UH1 --by 'Dr Rao'
expect_exit 0 "$LASTGOOD" sheets match --decide 1 --number UH1 --as-written --by 'Dr Rao'
expect_exit 0 "$LASTGOOD" sheets export --json
expect_text out '"type":"back_entry_export","form":"hl7","text":"MSH|'
expect_exit 0 "$LASTGOOD" sheets export --out back.hl7 --json
expect_text out '"entries":3,"not_decided":0,"payments_left_out":0'
expect_exit 0 "$LASTGOOD" sheets export --form csv --out back.csv
expect_text back.csv 'new person W-0001'
python3 - <<'PY'
messages = ["MSH" + part for part in open("back.hl7", newline="").read().split("MSH")[1:]]
field = lambda message, name, at: next(line for line in message.split("\r") if line.startswith(name)).split("|")[at]
assert [field(m, "PID", 3) for m in messages] == ["UH1^^^^MR", "W-0001^^^^TEMP", "W-0001^^^^TEMP"], messages
for message in messages:
    times = [field(message, "MSH", 6), field(message, "EVN", 2), field(message, "EVN", 6)]
    assert all(len(time) == 19 and time.endswith("+0530") for time in times), times
PY
expect_exit 0 "$LASTGOOD" ledger verify
# Of two who were decided on together one is corrected, and becomes somebody else: the other keeps what was said of both, unless
# a person says so.
paper =W-0001 'Ravi Kumar' 5551111111 | sed '$s/.*/2/' >four
expect_exit 0 enter <four
expect_text out 'kept as entry 4'
expect_exit 0 "$LASTGOOD" sheets match --decide 4 --number UH2 --as-written --by 'Dr Rao'
expect_text out 'CONFLICT: W-0001 stands for more than one person (decided together, then apart)'
expect_text out 'entry 3: admission of Anil Sharma, U, 5551111111 (decided: a new person)'
expect_text out '--by NAME; --overrule decides anew on one that is decided'
expect_exit 3 "$LASTGOOD" sheets export
expect_exit 2 "$LASTGOOD" sheets match --decide 3 --new --by 'Clerk Tom'
grep -q "'Dr Rao' decided 20..-..-.. ..:..:.. +05:30 that entry 3 (Anil Sharma) is the new person of entry 2" err || { cat err; exit 1; }
expect_exit 0 "$LASTGOOD" sheets match --decide 3 --new --overrule --by 'Clerk Tom'
expect_exit 0 "$LASTGOOD" sheets export --form csv
# The form in a browser asks the same, and takes the same answer.
"$LASTGOOD" sheets enter --page --by 'Clerk Tom' >page.log 2>&1 &
page=$!
until grep -q 'http://' page.log; do sleep 0.1; done
python3 - "$(grep -o 'http://[^ ]*' page.log)" "$day" <<'PY'
import re, sys, urllib.parse, urllib.request
def post(**fields):
    return urllib.request.urlopen(sys.argv[1], urllib.parse.urlencode(fields).encode()).read().decode()
paper = {"typed_by": "Clerk Tom", "number": "W-0001", "what": "order", "phone": "5553333333", "name": "Asha Rani", "text": "CBC",
         "paper_time": sys.argv[2] + " 10:00"}
asked = post(**paper)
assert "Not kept yet" in asked and "another person&#39;s already" in asked and "Asha Rani" in asked, asked
assert re.search('type="checkbox" class="sure" name="sure_person" value="W-0001"', asked), asked
assert "kept as entry 5" in post(sure_person="W-0001", **paper)
assert "entry 5 says the same already" in post(sure_person="W-0001", **paper)
paper["number"] = "W-0078"
assert "no sheet of this case has the number" in post(sure_number="W-0079", **paper)
assert "kept as entry 6" in post(sure_number="W-0078", **paper)
PY
kill -INT $page
wait $page
# A number in small letters is the one that was printed.
paper w-0009 'Kamla Gupta' 5554444444 | "$LASTGOOD" sheets enter --by 'Clerk Tom' >out
expect_text out 'kept as entry 7: admission W-0009, a number of ward-census W-1'
# A transfer has two wards: each is asked for, and stands where HL7 has it.
expect_exit 0 "$LASTGOOD" case new t.case
LASTGOOD_CASE=t.case
export LASTGOOD_CASE
printf '%s\n' W-0002 transfer UH12 '' 'Mohan Verma' M 40 W-5 W-1 '' "$day 11:00" '' | "$LASTGOOD" sheets enter --by 'Clerk Tom' >out
expect_text out 'Ward or clinic that the transfer is to: Ward or clinic that it is from: '
expect_text out 'kept as entry 1: transfer W-0002'
expect_exit 0 "$LASTGOOD" sheets export --out moves.hl7
tr '\r' '\n' <moves.hl7 >moves
expect_text moves 'PV1|1|I|W-5|||W-1'
