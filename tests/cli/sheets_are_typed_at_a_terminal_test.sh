# SPDX-License-Identifier: Apache-2.0
# A nurse at a terminal: one mistake costs one field, all is shown before it is kept, an entry is corrected without typing it
# again, and Ctrl-C keeps nothing of what was begun, and what was kept is in the ledger.
. "$TESTS/expect.sh"
expect_exit 0 "$LASTGOOD" case new h.case
DAY=$(date -u -d yesterday +%F)
export DAY
cat >terminal.py <<'PY'
import os, pty, select, signal, sys, time

class Terminal:
    """The program at a terminal of its own; what it prints is read up to what is waited for."""
    def __init__(self, *words):
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            os.environ["TERM"] = "dumb"
            os.execv(words[0], words)
        self.seen = ""

    def wait_for(self, text):
        end = time.monotonic() + 60
        while text not in self.seen:
            ready, _, _ = select.select([self.master], [], [], max(0, end - time.monotonic()))
            try:
                piece = os.read(self.master, 65536) if ready else b""
            except OSError:
                piece = b""
            if not piece:
                sys.exit(f"waited for {text!r}, and saw:\n{self.seen}")
            self.seen += piece.decode()
        before, _, self.seen = self.seen.partition(text)
        return before + text

    def answer(self, question, typed):
        said = self.wait_for(question)
        os.write(self.master, (typed + "\n").encode())
        return said

    def end(self):
        while True:
            try:
                piece = os.read(self.master, 65536)
            except OSError:
                piece = b""
            if not piece:
                break
            self.seen += piece.decode()
        _, status = os.waitpid(self.pid, 0)
        return os.waitstatus_to_exitcode(status)

nurse = Terminal(os.environ["LASTGOOD"], "sheets", "enter", "--by", "Nurse Mary")
nurse.wait_for("! goes back to the question before")
nurse.answer("Downtime number on the paper: ", "W-0001")
nurse.answer("What: registration", "adm")
nurse.answer("Patient number, where there is one: ", "")
nurse.answer("Telephone", "12")
nurse.wait_for("NOT SO: a patient number or a telephone of at least 7 digits is needed")
nurse.answer("Telephone", "+91 98765 43210")
nurse.answer("Name: ", "सुनीता देवी")
nurse.answer("Sex: F, M, O, U: ", "f")
nurse.answer("Age: ", "!")
nurse.answer("Sex: F, M, O, U [f]: ", "")
nurse.answer("Age: ", "340")
nurse.wait_for("NOT SURE: '340' is more years than anybody has")
nurse.answer("Age [340]: ", "34")
nurse.answer("Ward or clinic: ", "W-5")
nurse.answer("What was done", "fever")
nurse.answer("Time on the paper: YYYY-MM-DD HH:MM: ", "23/11 9:10")
nurse.wait_for("NOT SO: the time on the paper must be like 2022-11-23 09:10")
nurse.answer("HH:MM [23/11 9:10]: ", "2022-11-23 09:10")
nurse.wait_for("NOT SURE: '2022-11-23 09:10' is more than 300 days ago: this machine's clock says")
nurse.answer("[2022-11-23 09:10]: ", os.environ["DAY"] + " 09:10")
shown = nurse.answer("Enter keeps it; a number changes that line", "7")
assert "सुनीता देवी" in shown and "not looked up: this case has printed no numbers" in shown, shown
nurse.answer("Age [34]: ", "43")
nurse.answer("Enter keeps it; a number changes that line", "")
nurse.wait_for("kept as entry 1: admission W-0001")
# The same entry, with another word, without typing it again.
nurse.answer("Downtime number on the paper: ", "#1")
nurse.answer("Enter keeps it; a number changes that line", "9")
nurse.answer("[fever]: ", "fever and cough")
assert "corrects entry 1" in nurse.answer("Enter keeps it; a number changes that line", "y")
nurse.wait_for("kept as entry 2")
# Somebody calls her away in the middle of the next one.
nurse.answer("Downtime number on the paper: ", "W-0002")
nurse.wait_for("What: registration")
os.kill(nurse.pid, signal.SIGINT)
assert nurse.end() == 0, nurse.seen
assert "what was begun is not kept" in nurse.seen and "2 kept, 0 not kept" in nurse.seen, nurse.seen
PY
python3 terminal.py
expect_exit 0 "$LASTGOOD" sheets export --form csv
[ "$(grep -c 'W-0001' out)" -eq 1 ] && expect_text out 'fever and cough' && expect_text out ',43,'
expect_no_text out 'W-0002'
grep -q '"back-entries"' h.case/ledger || { echo "not in the ledger"; exit 1; }
# From a pipe a line is a field, as before, and what is wrong is told and not kept.
printf '%s\n' W-0003 payment UH1 '' 'Ravi' M '' Cash 'INR 500' "$DAY 10:00" '' W-0004 nothing '' '' '' '' '' '' '' '' '' >paper
expect_exit 3 "$LASTGOOD" sheets enter --by 'Clerk Tom' <paper
expect_text out 'kept as entry 3: payment W-0003'
expect_text out "NOT KEPT: 'nothing' is none of registration"
expect_text out '1 kept, 1 not kept'
# A paper that was cut is not kept, and is told.
printf '%s\n' W-0007 payment UH1 '' 'Ravi' M >paper
expect_exit 3 "$LASTGOOD" sheets enter --by 'Clerk Tom' <paper
expect_text out 'NOT KEPT: the entry of W-0007 ends before its last line'
expect_text out '0 kept, 1 not kept'
# The last entry may lack its empty line; #4 corrects entry 4, and what is left empty stays as it was.
printf '%s\n' W-0003 payment UH1 '' 'Ravi' M '' Cash 'INR 700' "$DAY 10:05" >paper
expect_exit 0 "$LASTGOOD" sheets enter --by 'Clerk Tom' <paper
expect_text out 'kept as entry 4: payment W-0003'
printf '%s\n' '#4' '' '' '' '' '' '' '' 'INR 750' '' >paper
expect_exit 0 "$LASTGOOD" sheets enter --by 'Clerk Tom' <paper
expect_text out 'kept as entry 5: payment W-0003'
expect_exit 0 "$LASTGOOD" sheets export --form csv
grep -q 'INR 750' out && ! grep -q 'INR 700' out || { cat out; exit 1; }
printf '%s\n' '#44' payment UH1 '' 'Ravi' M '' Cash 'INR 700' "$DAY 10:05" >paper
expect_exit 3 "$LASTGOOD" sheets enter --by 'Clerk Tom' <paper
expect_text out "NOT KEPT: '#44' is no downtime number: which entry is corrected is said in its own field, and that entry has to be in the book"
# What the paper really has is kept.
printf '%s\n' W-0005 order UH1 '=26.2.1998' 'Ravi' M '=200' Cash CBC '=2022-11-23 10:00' '' W-0006 order UH1 '26.2.1998' 'Ravi' M '' Cash '' "$DAY 10:00" '' >paper
expect_exit 3 "$LASTGOOD" sheets enter --by 'Clerk Tom' <paper
expect_text out 'kept as entry 6: order W-0005'
expect_text out "NOT KEPT: what was ordered is missing"
expect_text out "NOT KEPT: '26.2.1998' looks like a date: type the digits of a telephone, or none; '=' before the phone keeps it"
expect_exit 0 "$LASTGOOD" ledger verify
