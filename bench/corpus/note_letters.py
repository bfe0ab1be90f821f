# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""Whole letters of invented attackers, with places for contacts. TUNED may be looked at while the rules are made; HELD_OUT
may not: their recall is reported by itself. Own wording throughout."""

TUNED = (
    "HELLO\n\nIf you read this, your files are encrypted. Nobody but us can bring them back.\nWrite: {mail}\nID: {id}",
    "All your files were encrypted!\n\nTo decrypt them send 0.5 BTC to {btc} and then your ID to {mail}.\n{id}",
    "Your network is locked.\n\nWe took 412 GB of documents: contracts, passports, salaries. The key exists in one copy.\n"
    "Come to the chat within 72 hours: {onion}\nLogin: {id}",
    "Dear director,\n\nour team has been inside your network for three weeks. We downloaded the mail of your doctors and the records of your "
    "patients. Nothing will be published if we agree on a price.\nOur page (Tor Browser only): {onion}",
    "What happened? Your servers stopped because we stopped them.\nCan I repair it? No. Do not try, you will only lose time.\nHow much? "
    "Ask here: {tox}\nAll your data has been copied to our machines.",
    "YOUR NAS HAS BEEN HACKED\n\nEvery file on it was moved into an archive with a password. The password costs 0.03 bitcoin.\nPay to {btc}\n"
    "then open {onion}",
    "Ooops. Your important documents are locked.\n\n1) do not turn off the computer\n2) write in Telegram {telegram}\n3) pay and get the program",
    "Session messenger: {session}\n\nYour data is stolen and encrypted. You have 5 days. After that we sell it. Two test files are unlocked for free.",
    "Attention company!\nAll machines of your infrastructure are encrypted, backups are deleted. We do not want to ruin your business, we only want "
    "money. Cost is reasonable. Negotiators and recovery companies will only raise it.\nTOX {tox}\nmail {mail}, {mail}",
    "your files are encrypted\nwrite to {mail}\nif no answer in 24 hours: {mail}\nkey id {id}",
    "We are not a politically motivated group. Only payment is of interest.\nYour company was breached, internal files are copied, hosts encrypted.\n"
    "Sample of your files: {onion}\nYou can decrypt one file there as a proof.\nDo not inform the police.",
    "Files on this server are no longer available to you. Backups too. We hold the only key.\n\nPrice today: 15 000 USD in Monero. Price in a week: twice.\n"
    "Jabber: {mail}\nPersonal ID {id}",
    "Alle Dateien auf diesem Rechner wurden verschluesselt. Fuer den Schluessel schreiben Sie an {mail}. Ihre Kennung: {id}",
    "Ihr Netzwerk ist gesperrt.\n\nWir haben 80 GB Patientendaten kopiert. Wer nicht zahlt, findet sie im Darknet. Polizei hilft Ihnen nicht.\n{onion}",
    "Bonjour,\n\nvotre reseau est verrouille et vos donnees sont entre nos mains. Ecrivez-nous pour connaitre le prix : {mail}\nNumero : {id}",
    "Sus servidores fueron bloqueados y sus datos robados. Tiene 3 dias para escribir a {mail}. No llame a la policia. Su numero: {id}",
    "Seus servidores foram bloqueados. Copiamos todos os seus dados. Fale conosco: {tox}\nVoce pode enviar um arquivo de teste, e gratis.",
    "I vostri server sono bloccati e i vostri dati sono stati copiati. Scriveteci su Telegram {telegram} entro 48 ore, altrimenti li pubblichiamo.",
    "Ваш сервер заблокирован.\n\nФайлы зашифрованы, копии удалены. Цена вопроса 0.2 BTC.\nПишите в Telegram {telegram} или на {mail}",
    "Uw bestanden zijn versleuteld.\n\nWij hebben ook kopieën gemaakt. Betaal binnen 4 dagen in bitcoin, anders publiceren wij alles. Probeer niet zelf te "
    "herstellen.\nSchrijf naar {mail}\nUw nummer: {id}",
    "Twoje pliki zostały zaszyfrowane.\n\nAby odzyskać dane, napisz do nas: {mail}. Nie zmieniaj nazw plików. Klucz kosztuje 0,1 BTC. Odszyfrujemy jeden plik za "
    "darmo.\nID: {id}",
    "Vaše soubory byly zašifrovány.\n\nKlíč máme jen my. Zaplaťte v bitcoinech a napište na {mail}. Nepokoušejte se o obnovu sami.\n{id}",
    "Dina filer är krypterade.\n\nVi har nyckeln. Skriv till {mail} inom tre dagar. Priset stiger sedan. Polisen kan inte hjälpa dig.\n{id}",
    "Semua file anda telah dienkripsi.\n\nKami juga menyalin data anda. Untuk mendapatkan kunci, bayar dengan bitcoin dan hubungi {mail}. Jangan mengubah nama file.\n{id}",
    "お客様のファイルは暗号化されました。\n\n復号の鍵は私たちだけが持っています。ビットコインで支払い、連絡してください。警察に連絡しないでください。\n{onion}\nID: {id}",
    "귀사의 모든 파일이 암호화되었습니다.\n\n복구하려면 비트코인으로 지불하고 연락 주십시오. 파일 이름을 바꾸지 마십시오. 두 개의 파일은 무료로 복호화해 드립니다.\n{mail}\n{id}",
    "تم تشفير جميع ملفاتك.\n\nلدينا مفتاح فك التشفير. يجب الدفع بعملة بيتكوين. لا تحاول استعادة الملفات بنفسك. راسلنا:\n{mail}\n{id}",
    "Ваші файли зашифровано.\n\nЩоб отримати ключ, сплатіть у біткоїнах і напишіть нам: {mail}. Не намагайтеся відновити файли самі.\n{id}",
    "Dosyalarınız kilitlendi ve verileriniz kopyalandı. Anahtar için bize yazın: {mail}. Polise giderseniz verileri satarız. {id}",
    "Toàn bộ dữ liệu của bạn đã bị mã hóa.\n\nĐể khôi phục, hãy thanh toán bằng bitcoin và liên hệ: {mail}. Không đổi tên tệp.\n{id}",
    "Toate fisierele voastre au fost criptate. Cheia este la noi. Plata in bitcoin, scrieti la {mail}. Nu incercati sa le recuperati singuri. {id}",
    "您的服务器已被锁定，数据已被窃取。\n三天之内联系 {telegram} (Telegram)，否则出售全部资料。\n{mail}",
    "Good morning.\n\nEvery volume of yours now carries our cipher. There is exactly one way to have Monday as usual: {onion}\nAccess code {id}",
    "# DATA LEAK NOTICE #\n\nYour files are exfiltrated and encrypted.\nThe countdown ends on Friday. After this point the full archive goes public.\nQTOX: {tox}",
    "hey admin :)\nnice passwords you have there. files = encrypted. backups = gone. talk to me {mail}\nno talk, no files.",
    "IMPORTANT INFORMATION\n\nA weakness in your remote desktop let us in. All documents, pictures and databases on this machine are encrypted with "
    "AES and RSA. The private half of the key stays with us until you have paid.\n\nStep 1: buy bitcoin. Step 2: send it to {btc}. Step 3: send the number {id} to {mail}.",
    "This is not spam and not a joke. Your infrastructure is under our control; virtual machines are encrypted, snapshots wiped. "
    "You may find our name in the newspapers. Payment terms in the chat: {onion}",
    "Greetings, we are the people who tested your security today. It failed.\nYour customer base has been downloaded (1.2 TB). We expect your call in our "
    "room: {onion}\nAny attempt to decrypt with foreign tools breaks the files.",
    "RESTORE YOUR FILES\n\nfree test: 1 file up to 1 MB\nfull price: on request\nmail {mail} , {mail}\nreference {id}",
    "Telegram: {telegram}\nYour PC is locked. 300$ in BTC and you get the code.",
    "Your data was encrypted. Don't panic and don't format. We give guarantees: three random files back, free of charge. Contact through Session only: {session}",
    "Hospital management,\nwe have patients' X-rays, lab results and salary lists. Systems are encrypted. Lives depend on your speed. One message is enough: {tox}",
    "[+] What's happened? [+]\nyour files are encrypted and currently unavailable.\n[+] What guarantees? [+]\nit is just a business. You can check one file.\n[+] How? [+]\n{onion}\nkey: {id}",
    "-----\nFILES ENCRYPTED. DO NOT RENAME. DO NOT MOVE.\n{mail}\n{id}\n-----",
    "Sie wurden Opfer eines Angriffs auf Ihre Firma. Saemtliche Server sind verschluesselt. Gegen Zahlung erhalten Sie das Werkzeug zur Entschluesselung.\nTor: {onion}",
    "Guten Morgen. Ihre Daten sind nicht mehr Ihre Daten. Wir haben sie kopiert und auf Ihren Geräten verschlüsselt. Verhandeln Sie mit uns, nicht mit der Presse: {mail}, Fall {id}",
    "Vos sauvegardes n'existent plus et vos machines sont chiffrées. Une seule adresse pour négocier : {onion}",
    "Toda su información fue cifrada y descargada. Para negociar escriba a {mail} indicando {id}. En 96 horas se publica en nuestro blog.",
    "Todos os servidores da empresa foram criptografados. O valor do resgate dobra em 3 dias. Contato: {mail} código {id}",
    "La vostra infrastruttura è stata cifrata. Per la chiave privata contattateci su TOX: {tox}",
    "Здравствуйте, администратор. Все базы 1С и документы зашифрованы. Стоимость расшифровки сообщим после письма на {mail}. Код: {id}",
    "Sunucularınızdaki tüm veriler şifrelendi. Kurtarmak için {mail} adresine yazın, kodunuz {id}. Fidye ödenmezse veriler satılır.",
    "आपका नेटवर्क हैक हो गया है और आपकी फ़ाइलें एन्क्रिप्ट हैं। कुंजी के लिए हमें लिखें: {mail}\nआईडी {id}",
    "贵公司的服务器已被我们加密，数据库已复制。请在七天之内用比特币付款，否则数据将被公开。\n{onion}",
    "All uw data is gegijzeld. Neem contact op via {onion} voor de sleutel. Geen politie.",
    "Wasza sieć została zaszyfrowana i skopiowana. Okup: 2 BTC. Kontakt {mail}, numer {id}. Po tygodniu dane trafią do internetu.",
    "Az összes fájlját titkosítottuk. A kulcsért fizetnie kell bitcoinban. Írjon nekünk: {onion}\n{mail}\n{id}",
    "Τα αρχεία σας κρυπτογραφήθηκαν. Για το κλειδί γράψτε μας: {onion}\n{mail}\nΚωδικός {id}",
    "Tiedostosi on salattu ja varmuuskopiot poistettu. Avain maksaa 0,4 bitcoinia. Ota yhteyttä: {onion}\n{mail}\n{id}",
    "ไฟล์ของคุณถูกเข้ารหัสแล้ว ติดต่อเราเพื่อซื้อกุญแจ\n{onion}\n{mail}\n{id}",
)

HELD_OUT = (
    "To the owner of this computer:\n\nthe pictures, spreadsheets and mail on it have been encrypted with a key of 256 bits. You can have the key for 0.02 BTC ({btc}). "
    "When you have paid tell us at {mail}, with the number {id}.",
    "::: MESSAGE FROM THE NIGHT SHIFT :::\n\nYour hypervisors are encrypted. Your tapes are formatted. We keep 2 TB of your correspondence. The offer on our site ends soon.\n{onion}",
    "Hi.\nWe have your data. You know what that means.\nAnswer within two days or your clients will hear it from us: {tox}",
    "Your files have a new extension because they are encrypted. Removing it does not help, it breaks them. For instructions write an e-mail to {mail} and put {id} in the subject line.",
    "Dear colleagues of the IT department, spare yourselves the sleepless night. The domain controllers, the file servers and the archive were encrypted by us at 04:00. "
    "Contact is possible only here: {session}\nA decryptor is included in the price.",
    "!!! READ THIS FIRST !!!\nAll of your data is encrypted & copied.\nYour personal page: {onion}\nPassword for the page: {id}\nPage is open for 10 days.",
    "SERVER ENCRYPTED\nreply to {mail} or {mail}\nsubject: {id}",
    "Telegram support: {telegram}\n\nThe databases of your shop were downloaded and dropped. For 0.01 bitcoin we send the dump back, otherwise it is sold.",
    "Wir sind in Ihrem Netz. Alle virtuellen Maschinen wurden verschlüsselt. Ein Entschlüsselungsprogramm kostet 40.000 Euro in Monero. Antwort an {mail}. Vorgang {id}.",
    "Tous les serveurs de votre entreprise ont été chiffrés cette nuit. Nous avons aussi une copie de la base clients. Écrivez à {mail} avant vendredi. Référence : {id}",
    "Los ficheros de este equipo han sido cifrados. Puede recuperarlos pagando 300 euros en bitcoin. Instrucciones: {mail} (asunto {id})",
    "I file di questo computer sono stati crittografati. Per riaverli scrivete a {mail}, codice {id}. Un file di prova è gratuito.",
    "Os arquivos deste computador foram encriptados. Para obter a senha escreva para {mail} com o código {id}.",
    "Файлы на этом компьютере зашифрованы. Для расшифровки отправьте код {id} на почту {mail}. Стоимость зависит от скорости обращения.",
    "Bu bilgisayardaki dosyalar şifrelenmiştir. Çözmek için {mail} adresine {id} kodunu gönderin.",
    "本机所有文件均已加密。如需恢复，请发送编号 {id} 至 {mail}。",
    "De bestanden op deze computer zijn versleuteld. Mail het nummer {id} naar {mail} voor de sleutel. Kosten: 0,02 bitcoin.",
    "Filerne på denne computer er krypteret. Send nummeret {id} til {mail}. Prisen er 0,02 bitcoin.",
)
