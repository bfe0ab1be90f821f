# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""Invented patients. Names are common first names and surnames put together by chance, in the letters of the place that
they come from; numbers, addresses and birthdays are chance. Nobody is meant."""
import datetime
import random

# language, share, [(Latin, own script, sex)], [(Latin, own script)]
LANGUAGES = (
    ("hi", 34, [("Asha", "आशा", "F"), ("Ravi", "रवि", "M"), ("Sunita", "सुनीता", "F"), ("Mohan", "मोहन", "M"), ("Gita", "गीता", "F"),
                ("Suresh", "सुरेश", "M"), ("Kamla", "कमला", "F"), ("Rajesh", "राजेश", "M"), ("Pooja", "पूजा", "F"), ("Vijay", "विजय", "M")],
     [("Sharma", "शर्मा"), ("Verma", "वर्मा"), ("Yadav", "यादव"), ("Singh", "सिंह"), ("Gupta", "गुप्ता"), ("Chauhan", "चौहान"), ("Mishra", "मिश्रा"), ("Tiwari", "तिवारी")]),
    ("bn", 12, [("Ananya", "অনন্যা", "F"), ("Subir", "সুবীর", "M"), ("Rina", "রীনা", "F"), ("Tapan", "তপন", "M"), ("Mousumi", "মৌসুমী", "F"), ("Arun", "অরুণ", "M")],
     [("Das", "দাস"), ("Ghosh", "ঘোষ"), ("Banerjee", "ব্যানার্জী"), ("Sen", "সেন"), ("Mondal", "মণ্ডল"), ("Roy", "রায়")]),
    ("ta", 11, [("Meena", "மீனா", "F"), ("Kumar", "குமார்", "M"), ("Lakshmi", "லட்சுமி", "F"), ("Murugan", "முருகன்", "M"), ("Selvi", "செல்வி", "F"), ("Senthil", "செந்தில்", "M")],
     [("Raman", "ராமன்"), ("Iyer", "ஐயர்"), ("Pillai", "பிள்ளை"), ("Subramanian", "சுப்பிரமணியன்"), ("Arumugam", "ஆறுமுகம்")]),
    ("te", 9, [("Padma", "పద్మ", "F"), ("Srinivas", "శ్రీనివాస్", "M"), ("Lalitha", "లలిత", "F"), ("Venkat", "వెంకట్", "M"), ("Sujatha", "సుజాత", "F")],
     [("Reddy", "రెడ్డి"), ("Rao", "రావు"), ("Naidu", "నాయుడు"), ("Chowdary", "చౌదరి"), ("Prasad", "ప్రసాద్")]),
    ("ur", 9, [("Ayesha", "عائشہ", "F"), ("Imran", "عمران", "M"), ("Zainab", "زینب", "F"), ("Salim", "سلیم", "M"), ("Nasreen", "نسرین", "F")],
     [("Khan", "خان"), ("Ansari", "انصاری"), ("Siddiqui", "صدیقی"), ("Qureshi", "قریشی"), ("Shaikh", "شیخ")]),
    ("mr", 8, [("Savita", "सविता", "F"), ("Sachin", "सचिन", "M"), ("Vaishali", "वैशाली", "F"), ("Ganesh", "गणेश", "M")],
     [("Patil", "पाटील"), ("Kulkarni", "कुलकर्णी"), ("Joshi", "जोशी"), ("Deshmukh", "देशमुख")]),
    ("gu", 6, [("Hetal", "હેતલ", "F"), ("Jignesh", "જીગ્નેશ", "M"), ("Bhavna", "ભાવના", "F"), ("Kiran", "કિરણ", "M")], [("Patel", "પટેલ"), ("Shah", "શાહ"), ("Mehta", "મહેતા")]),
    ("kn", 4, [("Shobha", "ಶೋಭಾ", "F"), ("Manjunath", "ಮಂಜುನಾಥ್", "M"), ("Rekha", "ರೇಖಾ", "F")], [("Gowda", "ಗೌಡ"), ("Hegde", "ಹೆಗಡೆ"), ("Shetty", "ಶೆಟ್ಟಿ")]),
    ("ml", 4, [("Sreedevi", "ശ്രീദേവി", "F"), ("Biju", "ബിജു", "M"), ("Anitha", "അനിത", "F")], [("Nair", "നായർ"), ("Menon", "മേനോൻ"), ("Kurup", "കുറുപ്പ്")]),
    ("pa", 3, [("Harpreet", "ਹਰਪ੍ਰੀਤ", "F"), ("Gurmeet", "ਗੁਰਮੀਤ", "M"), ("Jaspal", "ਜਸਪਾਲ", "M")], [("Kaur", "ਕੌਰ"), ("Gill", "ਗਿੱਲ"), ("Dhillon", "ਢਿੱਲੋਂ")]),
)
PLACES = ("Rohini", "Dwarka", "Saket", "Karol Bagh", "Laxmi Nagar", "Okhla", "Noida", "Gurugram", "Ghaziabad", "Faridabad", "Meerut", "Karnal", "Patna", "Alwar")
SUBSTANCES = (("penicillin", "severe"), ("sulfa drugs", "moderate"), ("aspirin", "moderate"), ("latex", "mild"), ("iodine contrast", "severe"), ("peanut", "severe"), ("egg", "mild"))
# For tests of what prints names: letters that mark up, quote or turn the line are names, too.
HARD_NAMES = (("O'Brien <b>Asha</b>", "आशा & \"रवि\""), ("=HYPERLINK(\"x\") Rao", "राव"), ("Khan \u202egnirts", "خان"), ("Nair; DROP TABLE patient;--", "നായർ"))

_DRAW = [row for row in LANGUAGES for _ in range(row[1])]


def uhid(number):
    return f"UH{number:07}"


def patient(rolls, number, day):
    """(uhid, name, name_local, sex, birth_date, phone, address): always the same for the same stream of chance."""
    _, _, firsts, lasts = _DRAW[int(rolls.random() * len(_DRAW))]
    first, last = firsts[int(rolls.random() * len(firsts))], lasts[int(rolls.random() * len(lasts))]
    name, local = f"{first[0]} {last[0]}", f"{first[1]} {last[1]}"
    if number <= len(HARD_NAMES):
        name, local = HARD_NAMES[number - 1]
    born = day - datetime.timedelta(days=int(rolls.random() ** 1.3 * 32000))
    phone = f"9{int(rolls.random() * 10**9):09}"
    address = f"{1 + int(rolls.random() * 300)}, {PLACES[int(rolls.random() * len(PLACES))]}"
    return uhid(number), name, local, first[2], born.isoformat(), phone, address


def patients(seed, count, day):
    rolls = random.Random(f"patients|{seed}")
    for number in range(1, count + 1):
        yield patient(rolls, number, day)
