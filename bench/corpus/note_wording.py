# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""What invented attackers write, by language, and what honest people write about the same things."""

WORDING = {
    "english": {
        "page": "latin-1",
        "id": "Your personal ID",
        "hello": ("Hello.", "ATTENTION!", "Dear management,", "Read this carefully."),
        "happened": (
            "All your files have been encrypted with a strong algorithm.",
            "Your network was entered and every important file on it is encrypted now.",
            "Your servers are locked. Databases, documents and backups were encrypted.",
            "What happened to your data? It is encrypted and cannot be opened.",
        ),
        "demand": (
            "To get the key you have to pay in bitcoin.",
            "The price of the decryptor depends on how fast you write to us.",
            "Only our program can decrypt your files, and it is not free.",
        ),
        "threat": (
            "If you do not pay within 5 days, we publish your data.",
            "We have copied 300 GB of your private files and will leak them.",
            "No answer means that patients' records go on sale.",
        ),
        "warning": (
            "Do not rename the encrypted files.",
            "Do not use third-party software, it will damage your files for good.",
            "Do not call the police or a recovery company.",
        ),
        "proof": (
            "Send us two small files and we decrypt them for free.",
            "As a proof we restore three files at no cost.",
        ),
        "contact": ("Contact us:", "Open this page in Tor Browser:", "Write to us here:"),
    },
    "german": {
        "page": "latin-1",
        "id": "Ihre Kennung",
        "hello": ("Achtung!", "Guten Tag,", "Bitte lesen Sie diesen Text."),
        "happened": (
            "Alle Ihre Dateien wurden verschlüsselt.",
            "Ihr Netzwerk wurde gehackt, Ihre Daten sind verschlüsselt.",
            "Ihre Server und Sicherungen sind verschlüsselt worden.",
        ),
        "demand": (
            "Sie müssen in Bitcoin bezahlen, um den Schlüssel zu bekommen.",
            "Der Preis der Entschlüsselung hängt davon ab, wie schnell Sie uns schreiben.",
        ),
        "threat": (
            "Wenn Sie nicht zahlen, veröffentlichen wir Ihre Daten.",
            "Wir haben Ihre Dateien kopiert und werden sie veröffentlichen.",
        ),
        "warning": (
            "Benennen Sie die verschlüsselten Dateien nicht um.",
            "Benutzen Sie keine fremden Programme, sonst sind Ihre Dateien verloren.",
        ),
        "proof": ("Wir entschlüsseln zwei Dateien kostenlos.",),
        "contact": ("Kontaktieren Sie uns:", "Öffnen Sie im Tor Browser:"),
    },
    "french": {
        "page": "latin-1",
        "id": "Votre identifiant",
        "hello": ("Bonjour,", "Attention !"),
        "happened": (
            "Tous vos fichiers ont été chiffrés.",
            "Votre réseau a été compromis et vos fichiers sont cryptés.",
            "Vos serveurs et vos sauvegardes sont chiffrés.",
        ),
        "demand": ("Pour obtenir la clé, il faut payer en bitcoin.", "Le prix dépend de votre rapidité à nous écrire."),
        "threat": (
            "Si vous ne payez pas, vos données seront publiées.",
            "Nous avons copié vos fichiers et nous allons les publier.",
        ),
        "warning": (
            "Ne renommez pas les fichiers chiffrés.",
            "N'utilisez pas d'autres logiciels, vos fichiers seraient perdus.",
        ),
        "proof": ("Nous déchiffrons deux fichiers gratuitement.",),
        "contact": ("Contactez-nous :", "Ouvrez avec Tor Browser :"),
    },
    "spanish": {
        "page": "latin-1",
        "id": "Su identificador",
        "hello": ("¡Atención!", "Hola."),
        "happened": (
            "Todos sus archivos han sido cifrados.",
            "Su red fue atacada y sus archivos están encriptados.",
            "Sus servidores y copias de seguridad están cifrados.",
        ),
        "demand": ("Para recibir la clave debe pagar en bitcoin.", "El precio depende de cuándo nos escriba."),
        "threat": ("Si no paga, publicaremos sus datos.", "Hemos copiado sus archivos y los vamos a publicar."),
        "warning": (
            "No cambie el nombre de los archivos cifrados.",
            "No use otros programas, sus archivos se perderán.",
        ),
        "proof": ("Desciframos dos archivos gratis.",),
        "contact": ("Escríbanos:", "Abra en Tor Browser:"),
    },
    "portuguese": {
        "page": "latin-1",
        "id": "Seu identificador",
        "hello": ("Atenção!", "Olá."),
        "happened": (
            "Todos os seus arquivos foram criptografados.",
            "Sua rede foi invadida e seus arquivos estão criptografados.",
        ),
        "demand": ("Para receber a chave é preciso pagar em bitcoin.", "O preço depende de quando nos escrever."),
        "threat": ("Se não pagar, publicaremos seus dados.", "Copiamos seus arquivos e vamos publicá-los."),
        "warning": (
            "Não renomeie os arquivos criptografados.",
            "Não use outros programas, seus arquivos serão perdidos.",
        ),
        "proof": ("Deciframos dois arquivos de graça.",),
        "contact": ("Entre em contato:", "Abra no Tor Browser:"),
    },
    "italian": {
        "page": "latin-1",
        "id": "Il tuo identificativo",
        "hello": ("Attenzione!", "Salve."),
        "happened": (
            "Tutti i tuoi file sono stati cifrati.",
            "La vostra rete è stata violata e i vostri file sono criptati.",
        ),
        "demand": ("Per avere la chiave bisogna pagare in bitcoin.", "Il prezzo dipende da quando ci scrivete."),
        "threat": ("Se non pagate, pubblicheremo i vostri dati.", "Abbiamo copiato i vostri file e li pubblicheremo."),
        "warning": ("Non rinominate i file cifrati.", "Non usate altri programmi, i file andrebbero persi."),
        "proof": ("Decifriamo due file gratis.",),
        "contact": ("Contattateci:", "Aprite con Tor Browser:"),
    },
    "russian": {
        "page": "cp1251",
        "id": "Ваш идентификатор",
        "hello": ("Внимание!", "Здравствуйте."),
        "happened": ("Все ваши файлы зашифрованы.", "Ваша сеть взломана, ваши файлы и резервные копии зашифрованы."),
        "demand": (
            "Чтобы получить ключ, нужно заплатить в биткоинах.",
            "Цена расшифровки зависит от того, как быстро вы нам напишете.",
        ),
        "threat": ("Если вы не заплатите, мы опубликуем ваши данные.", "Мы скопировали ваши файлы и опубликуем их."),
        "warning": (
            "Не переименовывайте зашифрованные файлы.",
            "Не используйте чужие программы, иначе файлы будут потеряны.",
        ),
        "proof": ("Мы бесплатно расшифруем два файла.",),
        "contact": ("Свяжитесь с нами:", "Откройте в Tor Browser:"),
    },
    "turkish": {
        "page": "cp1254",
        "id": "Kimliğiniz",
        "hello": ("Dikkat!", "Merhaba."),
        "happened": ("Tüm dosyalarınız şifrelendi.", "Ağınıza girildi, dosyalarınız ve yedekleriniz şifrelendi."),
        "demand": (
            "Anahtarı almak için bitcoin ile ödeme yapmalısınız.",
            "Fiyat bize ne kadar çabuk yazdığınıza bağlıdır.",
        ),
        "threat": ("Ödemezseniz verilerinizi yayınlayacağız.", "Dosyalarınızı kopyaladık ve yayınlayacağız."),
        "warning": ("Şifrelenmiş dosyaların adını değiştirmeyin.", "Başka program kullanmayın, dosyalarınız kaybolur."),
        "proof": ("İki dosyayı ücretsiz çözeriz.",),
        "contact": ("Bize yazın:", "Tor Browser ile açın:"),
    },
    "hindi": {
        "page": "utf-16",
        "id": "आपकी आईडी",
        "hello": ("ध्यान दें!", "नमस्ते।"),
        "happened": (
            "आपकी सभी फ़ाइलें एन्क्रिप्ट कर दी गई हैं।",
            "आपके सर्वर और बैकअप की फ़ाइलें एन्क्रिप्ट हो चुकी हैं।",
        ),
        "demand": ("कुंजी पाने के लिए bitcoin में भुगतान करें।", "कीमत इस पर निर्भर है कि आप कितनी जल्दी लिखते हैं।"),
        "threat": (
            "भुगतान नहीं किया तो आपका डेटा प्रकाशित कर दिया जाएगा।",
            "हमने आपकी फ़ाइलें कॉपी कर ली हैं और उन्हें प्रकाशित करेंगे।",
        ),
        "warning": ("एन्क्रिप्ट की गई फ़ाइलों का नाम न बदलें।", "दूसरे प्रोग्राम का उपयोग न करें, फ़ाइलें खो जाएँगी।"),
        "proof": ("हम दो फ़ाइलें मुफ़्त में डिक्रिप्ट करेंगे।",),
        "contact": ("हमसे संपर्क करें:", "Tor Browser में खोलें:"),
    },
    "chinese": {
        "page": "gb18030",
        "id": "您的编号",
        "hello": ("注意！", "您好。"),
        "happened": ("您的所有文件已被加密。", "您的网络已被入侵，文件和备份都已加密。"),
        "demand": ("要得到密钥，必须用比特币付款。", "解密的价格取决于您联系我们的速度。"),
        "threat": ("如果不付款，我们将公布您的数据。", "我们已复制您的文件，并将公开它们。"),
        "warning": ("不要重命名加密的文件。", "不要使用其他软件，否则文件会永远丢失。"),
        "proof": ("我们免费解密两个文件。",),
        "contact": ("联系我们：", "用 Tor Browser 打开："),
    },
}

NOT_NOTES = (
    "Policy on encryption of laptops\n\nAll laptops must be encrypted. Files that leave the house are encrypted with the program of the IT department.\n"
    "Contact the help desk at helpdesk@example.org when your files cannot be opened. Do not rename your files. There is nothing to pay.",
    "Minutes of the meeting on ransomware\n\nThe attackers encrypted all files of the laboratory and demanded payment in bitcoin. We did not pay. The data was\n"
    "restored from backup. The contact with the police is Ms Example, police@example.org. Lessons: test the restore every month.",
    "How to restore your files\n\n1. Open the backup program. 2. Choose the folder. 3. Enter the password of your encrypted backup. If your password is lost,\n"
    "nobody can decrypt the files. Questions: backup@example.org.",
    "Release notes 4.2\n\nFiles are now encrypted with AES-256 before they are sent. Your network administrator can publish the public key. Payment plans have changed:\n"
    "see https://www.example.com/pricing. Write to support@example.com.",
    "Dear customer,\n\nyour files are ready for pick-up. Please pay the invoice by bank transfer within 14 days; contact accounts@example.net. We have encrypted the\n"
    "attached PDF with your customer number for data protection reasons.",
    "Warning of the computer emergency team\n\nA new kind of ransomware encrypts files and leaves a note with a Tor address. Do not pay. Disconnect your network, keep\n"
    "your encrypted files, contact us at incident@example.org. Indicators are in the annex.",
    "Frequently asked questions on Tor\n\nTor Browser opens addresses that end in .onion. The project runs its own page there. Your network may block it; contact your\n"
    "administrator. Nothing is published about you.",
    "Lecture 7: ransom and blackmail in literature\n\nStudents read three novels in which a family must pay for the return of a stolen painting. If they do not pay, it is burned.\n"
    "Send your essay to lecturer@example.org before Friday; late files will not be decrypted, as the joke goes.",
    "Bitcoin wallet backup\n\nYour wallet file is encrypted. Write your recovery words on paper. If you lose them your money is gone: we cannot decrypt your file, and no\n"
    "program can. Contact: wallet@example.com.",
    "Data protection notice\n\nWe publish no personal data. Records are stored encrypted on servers in the hospital. You can contact the data protection officer at\n"
    "privacy@example.org, free of charge, and ask for a copy of your files.",
)
