# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""What honest people write about the same things: reports, warnings, manuals, letters, programs. {onion} and the like are
filled in as in notes: reports name the addresses they warn of."""

MORE_NOT_NOTES = (
    "Security newsletter, May\n\nA new ransomware group leaves a file named RECOVER.txt. In it the attackers say that all files have been encrypted and name a "
    "Tor page, {onion}, and a Tox ID, {tox}. Victims report demands of 20 bitcoin. Block the address and search your logs. Unsubscribe: news@example.org",
    "Incident report 2026-04 (draft)\n\nAt 03:12 the attackers encrypted the file server. The ransom note named {mail} and {onion}. We have restored all files from "
    "backup. Payment was never considered. Lessons learned: segment the network. Author: it-security@example.org",
    "From: helpdesk@example.org\nTo: all@example.org\nSubject: what the note said\n\nColleagues, this is the text that stood on the screens, do not answer it:\n\n"
    "> Your files are encrypted. Pay 2 BTC to {btc}.\n> Contact us: {mail}\n> Do not call the police.\n\nThe police has it. Please leave your computers off.",
    "Hello Karl,\n\nyou asked for the note, here it is:\n\n> All your files were encrypted and your data was stolen.\n> Open {onion} in Tor Browser\n> Your ID: {id}\n\n"
    "We gave it to the state police yesterday. Restore of the lab server is running, 40 % done.\n\nRegards, Ines, it@example.org",
    "Your backup is ready\n\nDear customer, your backup of 12 May was encrypted with your own key and stored in two places. If you lose the key we cannot decrypt your "
    "data. To recover files log in or contact us at support@example.com. The price of the extra terabyte is 4 USD.",
    "Backup report for site 12: all files encrypted with AES-256, 0 errors. Your data is stored for 90 days. Contact us: backup-team@example.net. To restore, open the "
    "console and choose the files. Payment is due on the first of the month.",
    "Notice of a data breach\n\nDear patient, we regret to inform you that an unauthorized person copied files from our network, among them your data. We have informed the "
    "supervisory authority. We offer you free credit monitoring. Contact us at privacy@example.org or call us free of charge.",
    "Dear patients,\n\nafter the attack of 3 March our systems are locked for safety. We have no sign that your data was published. We do not pay ransom. You can reach us "
    "by telephone and at info@hospital.example.org. Please do not use the portal before we say so.",
    "Privacy notice of the hospital\n\nYour data is encrypted when it is sent. We publish nothing about you. You have the right to a copy of your files for free. Write to "
    "our data protection officer, privacy@hospital.example.org. If you do not agree you can go to the supervisory authority.",
    "GPG quick start\n\n$ gpg --encrypt --recipient you@example.org letter.txt\n\nThe file is encrypted with your public key. To decrypt it you need your private key. Keep a backup of the "
    "private key: without it nobody can recover your files. Questions: list@example.org",
    "NAME\n  sealbox - encrypt and decrypt files\nSYNOPSIS\n  sealbox -e FILE\nDESCRIPTION\n  Your files are encrypted in place. Do not rename them before they are decrypted. There is no "
    "recovery without the key.\nAUTHOR\n  Write to author@example.org for bugs.",
    "Our onion service\n\nThis project has a page in the Tor network: {onion}. Open it in Tor Browser. Releases are signed; the key is on the page. Contact us at "
    "hello@example.org or on Telegram {telegram}. Donations: {btc}. We do not log addresses.",
    "SecureDrop of the Example Times\n\nSend us documents safely: install Tor Browser and open {onion}. Your files are encrypted on our server and only two editors can "
    "decrypt them. Do not use your work computer. Contact: editors@example.org",
    "Donations\n\nYou like the program? Bitcoin: {btc}. It is free and stays free. Encrypted mail to author@example.org. If the download is blocked in your network use {onion}.",
    "Test of the restore, minutes\n\nWe locked the share, copied your data to the test server and decrypted the backup with the key in the safe. All files were restored. Next test in "
    "three months. it@example.org",
    "rules:\n  - id: note\n    strings:\n      - \"your files are encrypted\"\n      - \"contact us\"\n      - \"tor browser\"\n      - \"do not rename\"\n      - \"bitcoin\"\n      - \"{mail}\"\n    score: 3",
    "rule lockername\n{\n  strings:\n    $a = \"All your files have been encrypted\";\n    $b = \"{mail}\";\n    $c = \"bitcoin\";\n    $d = \"{onion}\";\n  condition:\n    3 of them\n}\n// yara, researchers@example.org",
    "#include <string>\n\nconst char* note = \"Your files are encrypted, pay in bitcoin\";\nstd::string contact = \"{mail}\";\nint main() {\n  write_note(note, contact);\n  return 0;\n}\n// test of the detector;\n",
    "NOTES = (\n    \"Your files have been encrypted.\",\n    \"We copied your data and will publish it.\",\n    \"Write to {mail}\",\n    \"Pay in bitcoin\",\n    \"Do not rename files\",\n    \"Open {onion}\",\n)\n",
    "{\n  \"family\": \"example\",\n  \"note\": \"All your files are encrypted, contact us\",\n  \"mail\": \"{mail}\",\n  \"onion\": \"{onion}\",\n  \"price\": \"1 bitcoin\",\n  \"seen\": \"2026-01-01\"\n}",
    "family,mail,onion,text\nexample,{mail},{onion},\"your files are encrypted, pay us\"\nother,{mail},,\"files locked\"\n",
    "Indicators of compromise\n\nmail: {mail}, {mail}\nonion: {onion}\nbtc: {btc}\nsha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\nnote: README.txt, says that files were encrypted and data stolen",
    "Glossary\n\nransom note: a text that says your files are encrypted, names a contact such as an onion address, and demands payment in bitcoin. decryptor: the program an attacker sells. leak site: where "
    "the gang publishes stolen data. Corrections to glossary@example.org",
    "THE SOFTWARE IS PROVIDED AS IS, WITHOUT WARRANTY. You may copy and use it for free. You may not remove this license. If your files are lost, damaged or encrypted by it the author "
    "owes you no payment. Write to legal@example.org. You must publish the source when you sell copies.",
    "Export notice: this program contains encryption. Before using it in your company check the law. Restore, recover and decrypt functions are included. Price list on request: sales@example.org. "
    "All files are encrypted by default.",
    "Your account has been locked\n\nWe saw an unauthorized login and locked your account. Your data was not copied. To unlock it open the link in the app or contact us at "
    "security@example.com. Do not reply to this mail. We never ask for payment.",
    "Wallet recovery guide\n\nYour wallet is encrypted. To restore it you need the 24 words. Never give them to anyone. Send a small amount of bitcoin to {btc} as a test. Support: help@wallet.example.com",
    "Disk encryption at our company\n\nAll laptops are encrypted. The recovery key lies in the directory. If your computer is locked, contact us: helpdesk@example.org, we unlock it for free. Do not try to "
    "guess the PIN.",
    "Frage der Woche: Was tun bei Ransomware?\n\nWenn Ihre Dateien verschlüsselt sind, zahlen Sie nicht. Melden Sie den Vorfall der Polizei und uns: cert@example.org. Die Angreifer nennen oft eine "
    "Tor-Adresse wie {onion}. Ändern Sie nichts.",
    "Protokoll der Krisensitzung\n\nDie Angreifer haben laut Schreiben 80 GB kopiert. Server sind verschlüsselt, Sicherungen vom Montag sind da. Keine Zahlung. Kontakt zur Polizei: "
    "polizei@example.org. Entschlüsselung wird nicht erwartet.",
    "Datenschutzhinweis\n\nIhre Daten werden verschlüsselt übertragen. Eine Kopie Ihrer Daten erhalten Sie kostenlos. Schreiben Sie an den Datenschutzbeauftragten: datenschutz@example.org. Wir "
    "veröffentlichen nichts.",
    "Bulletin d'alerte\n\nLes attaquants chiffrent vos fichiers et laissent une adresse, {mail}. Selon nos analyses, ne payez pas la rançon. Contactez le CERT : cert@example.org",
    "Boletín\n\nLos atacantes han cifrado servidores de tres hospitales; según la policía piden bitcoin y escriben desde {mail}. No pague. Contacto: incidentes@example.org",
    "Памятка сотрудникам\n\nЕсли файлы зашифрованы вымогателями, не платите и не пишите на их адреса. Сообщите в отдел: help@example.org. Ключ восстановления хранится у администратора.",
    "安全通报\n\n攻击者利用勒索软件加密医院文件，并留下地址 {onion}。不要支付赎金，请联系应急小组 cert@example.org。",
    "README\n\nlastgood finds what ransomware left: encrypted files, ransom notes with contacts (mail, onion, Tox), and the last good version of your files. It does not decrypt. "
    "Write to the authors: authors@example.org. Do not use it on the only copy of your data.",
    "Course plan\n\nDay 1: how attackers enter your network. Day 2: files are encrypted, a ransom note appears (contact {mail}, pay in bitcoin). Day 3: you restore from backup. The course is free. "
    "Register: course@example.org",
    "FAQ of a ticket shop\n\nWhat happened to my order? Your payment is encrypted and safe. Can I get my money back? Contact us within 14 days: tickets@example.org. We publish the dates on our blog. "
    "Prices include tax.",
    "Change log\n\n2.3: your files are now encrypted before upload; key recovery by mail; do not rename the folder while it runs; fixed a leak; guarantee of order. Contact us: dev@example.org. "
    "Thanks to all who pay for a licence.",
    "Dear Sir,\n\nwe are a recovery company. If your data was encrypted by criminals, do not pay them: contact us at office@rescue.example.com. The first analysis is free, the price depends on the "
    "size. We decrypt what can be decrypted.",
)
