# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""Invented people, places and findings. Every name is put together by chance; hosts are those reserved for examples."""

import datetime

FIRST = (
    "Asha Bilal Chitra Deepak Esha Farhan Gauri Harish Indu Javed Kavita Lalit Meena Naveen Omana Prakash Qamar Ritu "
    "Sanjay Tara Uday Vani Waseem Yamini Zara Aarav Bhavna Charu Dinesh Ekta Firoz Geeta Hemant Ishita Jyoti Kiran"
).split()
LAST = (
    "Agarwal Bose Chandra Das Eapen Fernandes Ghosh Hegde Iyer Jain Khan Lal Menon Nair Oberoi Patel Qureshi Rao "
    "Sharma Thomas Unni Verma Wadhwa Yadav Zaidi Banerjee Chopra Dutta Gill Kaur Mishra Pillai Reddy Singh"
).split()
WARDS = (
    "Cardiology Oncology Paediatrics Surgery Orthopaedics Neurology Nephrology Emergency Obstetrics Medicine".split()
)
TESTS = (
    ("718-7", "Haemoglobin", "g/dL", 7, 18),
    ("2345-7", "Glucose", "mg/dL", 60, 320),
    ("2160-0", "Creatinine", "mg/dL", 0, 6),
    ("2951-2", "Sodium", "mmol/L", 120, 150),
    ("2823-3", "Potassium", "mmol/L", 3, 6),
    ("6690-2", "Leukocytes", "10*3/uL", 2, 25),
    ("777-3", "Platelets", "10*3/uL", 40, 600),
    ("1742-6", "ALT", "U/L", 8, 400),
    ("1988-5", "CRP", "mg/L", 0, 200),
)
WORDS = (
    "patient admitted with fever cough and mild pain in the lower abdomen since three days no known allergy vitals stable "
    "advised rest fluids review after one week blood culture sent report awaited chest clear oxygen saturation normal on room "
    "air history of hypertension controlled by tablets operation planned consent taken by relative discharge with medicines "
    "follow up in outpatient department dressing changed wound healthy sutures removed diet as tolerated"
).split()
DEVANAGARI = "मरीज को बुखार और खांसी तीन दिन से है कृपया एक सप्ताह बाद पुनः जांच के लिए आएं खून की रिपोर्ट कल मिलेगी दवा समय पर लें".split()

# The night before the invented attack; every date lies before it.
LAST_DAY = datetime.datetime(2022, 11, 22, 22, 0, 0)


def person(rng):
    return rng.choice(FIRST) + " " + rng.choice(LAST)


def patient_id(rng):
    return "EX%09d" % rng.randrange(10**9)


def moment(rng, days=700):
    return LAST_DAY - datetime.timedelta(seconds=rng.randrange(days * 86400))


def sentence(rng, words=WORDS):
    return " ".join(rng.choice(words) for _ in range(rng.randrange(7, 22))).capitalize() + "."


def paragraph(rng, words=WORDS):
    return " ".join(sentence(rng, words) for _ in range(rng.randrange(3, 8)))


def result(rng):
    code, name, unit, low, high = rng.choice(TESTS)
    return code, name, unit, round(rng.uniform(low, high), 1), low, high


def address(rng):
    return "%s.%s@%s.example.org" % (
        rng.choice(FIRST).lower(),
        rng.choice(LAST).lower(),
        rng.choice(("ward", "lab", "desk")),
    )
