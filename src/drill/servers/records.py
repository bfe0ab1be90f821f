# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""The rows of the hospital's databases on the evening before: streams of tab-separated lines, one function for each table.
The same seed and day give the same rows. `\\N` is NULL for both engines."""
import datetime
import random

import people

DEPARTMENTS = ("Medicine", "Surgery", "Paediatrics", "Obstetrics", "Orthopaedics", "Cardiology", "Neurology", "Nephrology", "Oncology", "Ophthalmology", "ENT", "Emergency")
DIAGNOSES = ("dengue fever", "pneumonia", "acute appendicitis", "fracture neck of femur", "diabetic ketoacidosis", "stroke", "myocardial infarction",
             "chronic kidney disease", "burns 18 %", "pre-eclampsia", "tuberculosis", "head injury", "acute pancreatitis", "asthma, severe")
DRUGS = (("paracetamol", "tablet", "500 mg"), ("amoxicillin", "capsule", "500 mg"), ("ceftriaxone", "vial", "1 g"), ("insulin regular", "vial", "100 IU/ml"),
         ("furosemide", "ampoule", "20 mg"), ("ondansetron", "ampoule", "4 mg"), ("heparin", "vial", "5000 IU/ml"), ("atorvastatin", "tablet", "20 mg"),
         ("metformin", "tablet", "500 mg"), ("salbutamol", "respule", "2.5 mg"), ("morphine", "ampoule", "10 mg"), ("ringer lactate", "bottle", "500 ml"),
         ("noradrenaline", "ampoule", "4 mg"), ("phenytoin", "ampoule", "100 mg"), ("labetalol", "ampoule", "20 mg"), ("vancomycin", "vial", "500 mg"))
# code, name, section, tube, unit, low, high, critical low, critical high
TESTS = (("HB", "Haemoglobin", "haematology", "pink", "g/dl", 11.5, 17, 6, 21), ("WBC", "Leucocytes", "haematology", "pink", "10^9/l", 4, 11, 1, 50),
         ("PLT", "Platelets", "haematology", "pink", "10^9/l", 150, 410, 20, 1000), ("NA", "Sodium", "chemistry", "yellow", "mmol/l", 135, 145, 120, 160),
         ("K", "Potassium", "chemistry", "yellow", "mmol/l", 3.5, 5.1, 2.8, 6.2), ("CREA", "Creatinine", "chemistry", "yellow", "mg/dl", 0.6, 1.2, 0.1, 7.5),
         ("GLU", "Glucose", "chemistry", "yellow", "mg/dl", 70, 140, 45, 450), ("TROP", "Troponin I", "chemistry", "yellow", "ng/l", 0, 40, -1, 100),
         ("INR", "INR", "coagulation", "blue", "", 0.8, 1.2, 0.1, 5), ("CRP", "C-reactive protein", "chemistry", "yellow", "mg/l", 0, 5, -1, 400))
PRICES = tuple((f"P{number:03}", name, department, price) for number, (name, department, price) in enumerate((
    ("OPD card", "registration", 10), ("Bed, general, a day", "wards", 35), ("Bed, private, a day", "wards", 3000), ("Haemogram", "laboratory", 40), ("Electrolytes", "laboratory", 60),
    ("Troponin", "laboratory", 350), ("X-ray chest", "imaging", 50), ("CT head", "imaging", 1000), ("MRI brain", "imaging", 2500), ("Ultrasound abdomen", "imaging", 200),
    ("Dialysis", "nephrology", 500), ("Appendicectomy", "surgery", 2500), ("Plaster", "orthopaedics", 75), ("ECG", "cardiology", 25), ("Echo", "cardiology", 600), ("Physiotherapy", "rehabilitation", 20)), 1))
WARDS, CLINICS, CONSULTANTS = 12, 12, 48
IN_PATIENT_EVERY = 7  # each seventh of the newest patients lies in a ward


def line(*values):
    return "\t".join("\\N" if value is None else str(value) for value in values)


def stamp(day, seconds):
    """A moment of `day` (0: midnight) in the hospital's zone; both engines read it."""
    return (datetime.datetime(day.year, day.month, day.day) + datetime.timedelta(seconds=int(seconds))).strftime("%Y-%m-%d %H:%M:%S")


class Records:
    def __init__(self, size, seed, day):
        self.size, self.seed, self.day = size, seed, day
        self.evening = day - datetime.timedelta(days=1)

    def rolls(self, table):
        return random.Random(f"{table}|{self.seed}")

    def in_patients(self):
        """(admission id, patient number, ward, bed) of who is in the house."""
        for number in range(1, self.size.in_patients + 1):
            yield number, 1 + (number * IN_PATIENT_EVERY) % self.size.patients, 1 + number % WARDS, f"B-{1 + number // WARDS:02}"

    # --- e-Hospital (PostgreSQL)
    def department(self):
        return [line(number, name[:4].upper() + str(number), name, f"Block {'ABC'[number % 3]}") for number, name in enumerate(DEPARTMENTS, 1)]

    def consultant(self):
        rolls = self.rolls("consultant")
        return [line(number, 1 + number % len(DEPARTMENTS), "Dr " + people.patient(self.seed, 1000 + number, self.day)[1], f"9{rolls.randrange(10**9):09}") for number in range(1, CONSULTANTS + 1)]

    def clinic(self):
        return [line(number, number, f"C{number:02}", f"{DEPARTMENTS[number - 1]} clinic", f"R-{100 + number}") for number in range(1, CLINICS + 1)]

    def ward(self):
        return [line(number, f"W{number:02}", f"{DEPARTMENTS[number - 1]} ward", f"Block {'ABC'[number % 3]}", number % 5, 1 + self.size.in_patients // WARDS + 6) for number in range(1, WARDS + 1)]

    def patient(self):
        rolls = self.rolls("registered")
        for number in range(1, self.size.patients + 1):
            yield line(*people.patient(self.seed, number, self.day), stamp(self.evening - datetime.timedelta(days=int(rolls.random() * 900)), 28800 + rolls.random() * 30000))

    def allergy(self):
        rolls, number = self.rolls("allergy"), 0
        for patient in range(1, self.size.patients + 1):
            if patient % 9 == 0 or patient % (3 * IN_PATIENT_EVERY) == 1:
                number += 1
                what = people.SUBSTANCES[int(rolls.random() * len(people.SUBSTANCES))]
                yield line(number, people.uhid(patient), *what, stamp(self.evening, 40000))

    def appointment(self):
        """Every third of the days lies ahead: booked, not seen yet."""
        rolls, size, number = self.rolls("appointment"), self.size, 0
        first = self.day - datetime.timedelta(days=size.days * 2 // 3)
        for offset in range(size.days):
            day = first + datetime.timedelta(days=offset)
            past = day < self.day
            for place in range(size.appointments_a_day):
                number += 1
                clinic = 1 + place % CLINICS
                token = 1 + place // CLINICS
                minute = 9 * 60 + (token * 4) % 420
                status = ("seen" if rolls.random() < 0.9 else "cancelled") if past else "booked"
                yield line(number, people.uhid(1 + int(rolls.random() * size.patients)), clinic, 1 + (clinic + 12 * (token % 4) - 2) % CONSULTANTS, day.isoformat(),
                           f"{minute // 60:02}:{minute % 60:02}:00", token, status, stamp(min(day, self.day) - datetime.timedelta(days=3), 36000 + rolls.random() * 20000))

    def registration(self):
        rolls = self.rolls("registration")
        for number in range(1, self.size.appointments_a_day + 1):
            kind = ("new", "revisit", "revisit", "emergency")[int(rolls.random() * 4)]
            yield line(number, people.uhid(1 + int(rolls.random() * self.size.patients)), f"D{1 + number % 8}", kind, stamp(self.evening, 28800 + number * 30000 // self.size.appointments_a_day))

    def admission(self):
        rolls = self.rolls("admission")
        for number, patient, ward, bed in self.in_patients():
            yield line(number, people.uhid(patient), ward, bed, 1 + (ward - 1 + 12 * (number % 4)) % CONSULTANTS, DIAGNOSES[int(rolls.random() * len(DIAGNOSES))],
                       ("normal", "diabetic", "soft", "nil by mouth")[int(rolls.random() * 4)], stamp(self.evening - datetime.timedelta(days=int(rolls.random() * 12)), rolls.random() * 80000), None)
        for number in range(self.size.in_patients + 1, self.size.in_patients + self.size.past_admissions + 1):
            away = 13 + int(rolls.random() * 700)
            ward = 1 + number % WARDS
            yield line(number, people.uhid(1 + int(rolls.random() * self.size.patients)), ward, f"B-{1 + number % 30:02}", 1 + (ward - 1 + 12 * (number % 4)) % CONSULTANTS, DIAGNOSES[number % len(DIAGNOSES)], "normal",
                       stamp(self.evening - datetime.timedelta(days=away), 50000), stamp(self.evening - datetime.timedelta(days=away - 5), 50000))

    def transfer(self):
        for number, _, ward, bed in self.in_patients():
            if number % 8 == 0:
                yield line(number, number, 1 + ward % WARDS, ward, bed, stamp(self.evening, 60000 + number))

    def drug(self):
        rolls = self.rolls("drug")
        return [line(number, *drug, ("main store", "emergency store")[number % 2], rolls.randrange(0, 4000), 200) for number, drug in enumerate(DRUGS, 1)]

    def medication_order(self):
        rolls, order = self.rolls("medication"), 0
        for number, _, _, _ in self.in_patients():
            for _ in range(1 + int(rolls.random() * 4)):
                order += 1
                drug = 1 + int(rolls.random() * len(DRUGS))
                yield line(order, number, drug, f"1 x {DRUGS[drug - 1][2]}", ("oral", "IV", "SC")[order % 3], ("08-20", "08-14-20", "08", "06-12-18-24")[order % 4], stamp(self.evening, 43000), None)

    def blood_unit(self):
        rolls = self.rolls("blood")
        for number in range(1, 40 + self.size.in_patients // 4):
            yield line(number, ("O+", "B+", "A+", "AB+", "O-", "B-", "A-", "AB-")[min(7, int(rolls.random() ** 2 * 8))], ("red cells", "platelets", "plasma")[number % 3],
                       (self.day + datetime.timedelta(days=int(rolls.random() * 35))).isoformat(), people.uhid(1 + (number * IN_PATIENT_EVERY) % self.size.patients) if number % 6 == 0 else None)

    # --- billing (MariaDB)
    def price_list(self):
        return [line(*row, f"{self.day.year}-01-01") for row in PRICES]

    def bill(self):
        rolls, size = self.rolls("bill"), self.size
        for number in range(1, size.bills + 1):
            patient = 1 + int(rolls.random() * size.patients)
            open_one = number > size.bills - size.in_patients
            if open_one:
                patient = 1 + ((number - size.bills + size.in_patients) * IN_PATIENT_EVERY) % size.patients
            total = sum(PRICES[(number * 7 + extra * 5) % len(PRICES)][3] for extra in range(1 + number % 3))
            who = people.patient(self.seed, patient, self.day)
            yield line(number, who[0], who[1], who[5], number - size.bills + size.in_patients if open_one else None,
                       stamp(self.evening - datetime.timedelta(days=0 if open_one else 1 + number % 300), 30000 + number % 30000), "open" if open_one else "paid", f"{total}.00", "0.00" if open_one else f"{total}.00")

    def bill_line(self):
        number = 0
        for bill in range(1, self.size.bills + 1):
            for extra in range(1 + bill % 3):
                number += 1
                price = PRICES[(bill * 7 + extra * 5) % len(PRICES)]
                yield line(number, bill, price[0], 1, f"{price[3]}.00")

    def payment(self):
        for bill in range(1, self.size.bills - self.size.in_patients + 1):
            total = sum(PRICES[(bill * 7 + extra * 5) % len(PRICES)][3] for extra in range(1 + bill % 3))
            yield line(bill, bill, f"{total}.00", ("cash", "UPI", "card")[bill % 3], f"CASH-{1 + bill % 4}", stamp(self.evening - datetime.timedelta(days=1 + bill % 300), 31000 + bill % 30000))

    # --- laboratory (MariaDB)
    def lab_test(self):
        return [line(*row) for row in TESTS]

    def _orders(self):
        """(id, patient number, ward, bed, age in days, newest ones for who is in the house)."""
        rolls, size = self.rolls("order"), self.size
        house = list(self.in_patients())
        for number in range(1, size.orders + 1):
            newest = size.orders - number < 3 * size.in_patients
            if newest:
                _, patient, ward, bed = house[number % len(house)]
                yield number, patient, f"W{ward:02}", bed, 0, rolls
            else:
                yield number, 1 + int(rolls.random() * size.patients), None, None, 1 + int(rolls.random() * 400), rolls

    def lab_order(self):
        for number, patient, ward, bed, age, rolls in self._orders():
            chance = rolls.random()
            status = "done" if age else ("done" if chance < 0.6 else "collected" if chance < 0.8 else "ordered")
            at = self.evening - datetime.timedelta(days=age)
            who = people.patient(self.seed, patient, self.day)
            yield line(number, who[0], who[1], who[3], who[4], ward, bed, f"Dr {people.LANGUAGES[number % 10][3][0][0]}",
                       stamp(at, 20000 + number % 60000), stamp(at, 21800 + number % 60000) if status != "ordered" else None, ("stat", "urgent", "routine", "routine")[number % 4], status)

    def result(self):
        # The same stream of chance as lab_order's, so that a result is there exactly where its order says so.
        number = 0
        values = self.rolls("value")
        for order, _, _, _, age, rolls in self._orders():
            chance = rolls.random()
            done = bool(age) or chance < 0.6
            at = self.evening - datetime.timedelta(days=age)
            for extra in range(2 + order % 4):
                test = TESTS[(order + extra * 3) % len(TESTS)]
                number += 1
                if not done:
                    yield line(number, order, test[0], None, "", "pending", None, None)
                    continue
                draw = values.random()
                value, flag = test[5] + (test[6] - test[5]) * values.random(), ""
                if draw > 0.985:
                    value, flag = test[8] * 1.1, "HH"
                elif draw > 0.9:
                    value, flag = test[6] * 1.2, "H"
                elif draw < 0.05 and test[5] > 0:
                    value, flag = test[5] * 0.8, "L"
                yield line(number, order, test[0], f"{value:.2f}", flag, "final", stamp(at, 25000 + order % 60000), None if flag != "HH" or number % 2 else "ward sister")

    def report(self):
        """Those whose page lies on s4; see papers.py."""
        for number, order in enumerate(self.reported_orders(), 1):
            yield line(number, order, people.uhid(1 + (number * 13) % self.size.patients), "Laboratory report", f"reports/{number // 200:03}/R{number:06}.pdf", stamp(self.evening, 30000 + number % 50000), "Dr S. Menon")

    def reported_orders(self):
        return range(max(1, self.size.orders - self.size.reports + 1), self.size.orders + 1)


TABLES = {
    "ehosp": ("department", "consultant", "clinic", "ward", "patient", "allergy", "appointment", "registration", "admission", "transfer", "drug", "medication_order", "blood_unit"),
    "billing": ("price_list", "bill", "bill_line", "payment"),
    "lis": ("lab_test", "lab_order", "result", "report"),
}
