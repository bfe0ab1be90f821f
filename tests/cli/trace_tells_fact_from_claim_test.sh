# SPDX-License-Identifier: Apache-2.0
# A mail of the attackers with a true and a forged line: the border is a fact, the forged line a claim, in text and JSON.
. "$TESTS/expect.sh"
cat >mail.eml <<'MAIL'
Return-Path: <dog2398@mail.example>
Received: from evil (dsl.isp.example [198.51.100.7]) by mx.hospital.example (Postfix)
	with ESMTPS id 4NHX2k5q9Rz1 for <desk@hospital.example>; Wed, 23 Nov 2022 07:07:00 +0530 (IST)
Received: from bank.example (bank.example [203.0.113.66]) by mx.hospital.example (Postfix) with ESMTP
	id 4NHX2k5q9Rz2; Wed, 23 Nov 2022 09:06:00 +0530
From: dog2398 <dog2398@mail.example>
Subject: your files
Date: Wed, 23 Nov 2022 07:06:00 +0530
X-Originating-IP: [10.0.0.7]

Pay.
MAIL
expect_exit 0 "$LASTGOOD" trace mail.eml
expect_text out 'FACT: 198.51.100.7 handed it over to mx.hospital.example at 2022-11-23T01:37:00Z'
expect_text out 'an address is a server that took part, not a person'
expect_text out 'mails: 1; with an address at the border that is a fact: 1'
expect_text out 'BORDER'
expect_text out '10.0.0.7'
expect_no_text out 'originates from'
expect_no_text out 'traced to'
expect_no_text out 'attacker is'
# Saved answers are used, and what is wrong in them is said.
printf 'mail.example TXT "v=spf1 ip4:203.0.113.66 -all"\nno sense\n' >saved.zone
expect_exit 0 "$LASTGOOD" trace --json --zones saved.zone --own-relay .hospital.example mail.eml
expect_text err 'NAME TYPE VALUE'
python3 - <<'PY'
import json
mail, summary = map(json.loads, open("out"))
text = open("mail.eml").read()
assert mail["type"] == "message" and summary == {"type": "summary", "messages": 1, "boundary_facts": 1, "unread_files": 0}, summary
assert [h["trust"] for h in mail["hops"]] == ["semi_trusted", "claim"]
assert [h["ip"] for h in mail["hops"]] == ["198.51.100.7", "203.0.113.66"]
assert mail["hops"][0]["date"].startswith("2022-11-23T01:37:00") and mail["hops"][0]["rdns"] == "dsl.isp.example"
assert all(text[h["offset"]:].startswith("Received:") for h in mail["hops"])
assert mail["boundary"]["hop"] == 0 and mail["boundary"]["ip"] == "198.51.100.7" and mail["boundary"]["level"] == "fact"
assert mail["spf"]["result"] == "fail" and mail["dkim"] == [] and mail["arc"]["result"] == "none"
assert any(h.startswith("mail.hint.time: ") for h in mail["hints"]) and any(h.startswith("mail.hint.client: ") for h in mail["hints"])
PY
# A relay that is not among those given makes it a claim; wrong words are refused with a hint.
expect_exit 0 "$LASTGOOD" trace --own-relay mx.other.example mail.eml
expect_text out 'CLAIM: 198.51.100.7'
expect_exit 2 "$LASTGOOD" trace --own-relay 'a b' mail.eml
expect_text err 'hint:'
# One unreadable file never stops the others.
printf '\320\317\021\340\241\261\032\341' >mail.msg
expect_exit 3 "$LASTGOOD" trace none.eml mail.msg mail.eml
expect_text err 'none.eml'
expect_text err 'OLE2'
expect_text out 'FACT'
# Encoded words are shown decoded, what came with the mail with its digest; both as written in JSON.
{ sed '/^Subject/,$d' mail.eml; printf 'Subject: =?windows-1251?Q?=CF=F0=E8=E2=E5=F2?=\nContent-Type: multipart/mixed; boundary=b\n\n'
  printf -- '--b\nContent-Type: application/zip; name=files.zip\nContent-Transfer-Encoding: base64\n\n'
  printf 'write to mouse63209@protonmail.com' | base64; printf -- '--b--\n'; } >with.eml
expect_exit 0 "$LASTGOOD" trace with.eml
expect_text out 'Привет'
expect_text out "attachment 'files.zip', application/zip, 34 bytes, SHA-256 $(printf 'write to mouse63209@protonmail.com' | sha256sum | cut -d' ' -f1)"
expect_exit 0 "$LASTGOOD" trace --json with.eml
expect_text out '"subject":"=?windows-1251?Q?=CF=F0=E8=E2=E5=F2?="'
expect_text out '"attachments":[{"name":"files.zip","content_type":"application/zip","encoding":"base64","offset":'
# The address in the attachment is found by looking for indicators.
expect_exit 1 "$LASTGOOD" indicators --json with.eml
grep '"value":"mouse63209@protonmail.com"' out >line
expect_text line '"encoding":"base64"'
expect_text line "\"offset\":$(grep -b -o 'd3JpdGUg' with.eml | cut -d: -f1),"
# What only begins like an Outlook store breaks its reader, not us.
printf '!BDN and nothing more' >broken.pst
expect_exit 3 "$LASTGOOD" trace --json broken.pst mail.eml
expect_text err "'broken.pst': the store is cut or broken"
expect_text out '"unread_files":1'
