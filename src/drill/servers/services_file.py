# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""The drill hospital's services.toml: written as an administrator would on a quiet day, kept beside the servers, not on
them."""
import json

import records

DAY = "(SELECT (max(registered_at) AT TIME ZONE 'Asia/Kolkata')::date FROM registration)"

OPD_TODAY = f"""
SELECT c.name AS clinic, a.token, to_char(a.slot, 'HH24:MI') AS at, p.uhid, p.name, p.name_local, p.sex,
       extract(year FROM age(a.visit_date, p.birth_date))::int AS age, p.phone, k.name AS consultant, a.status
FROM appointment a JOIN patient p USING (uhid) JOIN clinic c ON c.id = a.clinic_id JOIN consultant k ON k.id = a.consultant_id
WHERE a.visit_date = {DAY} AND a.status <> 'cancelled' ORDER BY c.name, a.slot, a.token"""
DESK = f"""
SELECT r.desk, to_char(r.registered_at AT TIME ZONE 'Asia/Kolkata', 'HH24:MI') AS at, r.kind, p.uhid, p.name, p.name_local, p.sex, p.birth_date, p.phone
FROM registration r JOIN patient p USING (uhid) WHERE (r.registered_at AT TIME ZONE 'Asia/Kolkata')::date >= {DAY} - 1 ORDER BY r.desk, r.registered_at DESC"""
CENSUS = """
SELECT w.name AS ward, a.bed, p.uhid, p.name, p.name_local, p.sex, extract(year FROM age(p.birth_date))::int AS age,
       coalesce((SELECT string_agg(g.substance || ' (' || g.severity || ')', ', ' ORDER BY g.id) FROM allergy g WHERE g.uhid = p.uhid), 'none known') AS allergies,
       k.name AS consultant, a.diagnosis, a.diet, to_char(a.admitted_at AT TIME ZONE 'Asia/Kolkata', 'DD Mon HH24:MI') AS admitted
FROM admission a JOIN patient p USING (uhid) JOIN ward w ON w.id = a.ward_id JOIN consultant k ON k.id = a.consultant_id
WHERE a.discharged_at IS NULL ORDER BY w.name, length(a.bed), a.bed"""
MOVES = f"""
SELECT w.name AS ward, 'admitted' AS what, to_char(a.admitted_at AT TIME ZONE 'Asia/Kolkata', 'DD Mon HH24:MI') AS at, a.uhid, p.name, a.bed
FROM admission a JOIN patient p USING (uhid) JOIN ward w ON w.id = a.ward_id WHERE (a.admitted_at AT TIME ZONE 'Asia/Kolkata')::date >= {DAY} - 1
UNION ALL
SELECT w.name, 'moved here from ' || f.name, to_char(t.moved_at AT TIME ZONE 'Asia/Kolkata', 'DD Mon HH24:MI'), a.uhid, p.name, t.to_bed
FROM transfer t JOIN admission a ON a.id = t.admission_id JOIN patient p USING (uhid) JOIN ward w ON w.id = t.to_ward_id JOIN ward f ON f.id = t.from_ward_id
WHERE (t.moved_at AT TIME ZONE 'Asia/Kolkata')::date >= {DAY} - 1 ORDER BY 1, 3"""
DRUG_CHART = """
SELECT w.name AS ward, a.bed, p.uhid, p.name, d.generic_name AS drug, m.dose, m.route, m.times
FROM medication_order m JOIN admission a ON a.id = m.admission_id JOIN patient p USING (uhid) JOIN ward w ON w.id = a.ward_id JOIN drug d ON d.id = m.drug_id
WHERE m.stopped_at IS NULL AND a.discharged_at IS NULL ORDER BY w.name, length(a.bed), a.bed, d.generic_name"""
DRUGS = "SELECT store, generic_name, form, strength, stock, CASE WHEN stock < reorder_level THEN 'LOW' ELSE '' END AS low FROM drug ORDER BY store, generic_name"
BLOOD = "SELECT blood_group, component, count(*) AS units, min(expires_on) AS first_expires, count(reserved_for) AS reserved FROM blood_unit GROUP BY 1, 2 ORDER BY 1, 2"
# The laboratory knows wards by their code, e-Hospital's sheets call them by name: one name, or a ward gets two packets.
LAB_WARD = "CASE o.ward " + " ".join(f"WHEN 'W{number:02}' THEN '{records.DEPARTMENTS[number - 1]} ward'" for number in range(1, records.WARDS + 1)) + " ELSE o.ward END"
LAB_PENDING = f"""
SELECT COALESCE({LAB_WARD}, 'OPD') AS ward, o.bed, o.id AS order_no, o.uhid, o.patient_name, o.priority, o.status, DATE_FORMAT(o.ordered_at, '%d %b %H:%i') AS ordered, o.ordered_by
FROM lab_order o WHERE o.status NOT IN ('done', 'cancelled') ORDER BY 1, FIELD(o.priority, 'stat', 'urgent', 'routine'), o.ordered_at"""
LAB_RESULTS = f"""
SELECT {LAB_WARD} AS ward, o.bed, o.uhid, o.patient_name, t.name AS test, r.value, t.unit, r.flag, DATE_FORMAT(r.resulted_at, '%d %b %H:%i') AS at
FROM lab_order o JOIN result r ON r.order_id = o.id JOIN lab_test t ON t.code = r.test_code WHERE o.ward IS NOT NULL AND r.status = 'final' ORDER BY 1, length(o.bed), o.bed, r.resulted_at DESC"""
LAB_CRITICAL = f"""
SELECT COALESCE({LAB_WARD}, 'OPD') AS ward, o.bed, o.uhid, o.patient_name, t.name AS test, r.value, t.unit, r.flag, DATE_FORMAT(r.resulted_at, '%d %b %H:%i') AS at, COALESCE(r.told_to, 'NOBODY YET') AS told_to
FROM result r JOIN lab_order o ON o.id = r.order_id JOIN lab_test t ON t.code = r.test_code
WHERE r.flag IN ('LL', 'HH') AND r.resulted_at >= (SELECT MAX(at) FROM journal) - INTERVAL 3 DAY ORDER BY r.told_to IS NULL DESC, ward, r.resulted_at DESC"""
REPORTS = "SELECT uhid, title, path, DATE_FORMAT(issued_at, '%d %b %H:%i') AS issued, signed_by FROM report ORDER BY issued_at DESC"
BILLS = """
SELECT b.id AS bill, b.uhid, b.patient_name, b.phone, b.admission_id AS admission, DATE_FORMAT(b.opened_at, '%d %b %H:%i') AS opened, b.total, b.paid, b.total - b.paid AS due
FROM bill b WHERE b.status = 'open' ORDER BY b.uhid, b.id"""
PRICES = "SELECT department, code, name, price FROM price_list ORDER BY department, name"


def value(one):
    if isinstance(one, bool):
        return "true" if one else "false"
    if isinstance(one, (int, float)):
        return str(one)
    if isinstance(one, (list, tuple)):
        return "[" + ", ".join(value(part) for part in one) + "]"
    return json.dumps(one, ensure_ascii=False)


class Writer:
    def __init__(self, site):
        self.site, self.lines = site, ["# The drill hospital's services. Its commands are those of the drill: DRILL/bin."]

    def service(self, name, title, tier, command, waits=(), start=None, stop=True, **times):
        self.name = name
        bin_folder = self.site.bin
        self.lines += ["", f"[service.{name}]", f"title = {value(title)}", f"tier = {tier}"]
        if waits:
            self.lines.append(f"depends_on = {value(list(waits))}")
        if start:
            self.lines.append(f"start = [{value(str(bin_folder / start))}]")
        if stop and start:
            self.lines.append(f"stop = [{value(str(bin_folder / ('stop-' + command)))}]")
        self.lines.append(f'healthcheck = {{ test = ["CMD", {value(str(bin_folder / ("check-" + command)))}], interval = "1s", timeout = "10s", retries = 20 }}')
        self.lines += [f"{key} = {value(one)}" for key, one in times.items()]

    def data(self, kind, server, folder, **more):
        root = self.site.root
        self.lines += ["", f"[[service.{self.name}.data]]", f"kind = {value(kind)}", f"path = {value(str(root / server / folder))}", f"host = {value(self.site.host(server))}"]
        for key, one in more.items():
            self.lines.append(f"{key} = {value(str(root / server / one) if key == 'logs' else one)}")

    def sheet(self, name, title, audience, sql, **more):
        self.lines += ["", f"[[service.{self.name}.sheet]]", f"id = {value(name)}", f"title = {value(title)}", f"for = {value(audience)}", f"sql = '''{sql}'''"]
        self.lines += [f"{key} = {value(one)}" for key, one in more.items()]


def write(site):
    out = Writer(site)
    named = {"name_columns": ["name", "name_local"]}
    out.service("opd", "OPD registration", 1, "ehosp", start="start-ehosp", rto="4h", rpo="15m", mtd="1d", links=["lab -> opd (results)", "opd -> billing (UHID)"])
    out.data("postgresql", "s1", "pgdata", name="ehosp", database="ehosp", logs="wal_archive")
    out.sheet("opd-today", "Appointments today", "clinic", OPD_TODAY, group_by="clinic", stale_after="12h", data="ehosp", blank_rows=10, number_block="O-0001..O-4999", privacy="full", **named)
    out.sheet("registration-desk", "Registered since yesterday", "registration desk", DESK, group_by="desk", stale_after="12h", data="ehosp", blank_rows=15, number_block="R-0001..R-4999", **named)
    out.service("wards", "Wards: census, admission, transfer", 1, "ehosp", waits=["opd"], rto="4h", rpo="15m", mtd="1d")
    out.data("postgresql", "s1", "pgdata", name="ehosp", database="ehosp", logs="wal_archive")
    out.sheet("ward-census", "Who is in the ward", "ward", CENSUS, group_by="ward", stale_after="6h", data="ehosp", blank_rows=4, number_block="W-0001..W-4999", **named)
    out.sheet("ward-moves", "Admissions and transfers since yesterday", "ward", MOVES, group_by="ward", stale_after="6h", data="ehosp", name_columns=["name"])
    out.sheet("drug-chart", "Drugs as ordered", "ward", DRUG_CHART, group_by="ward", stale_after="6h", data="ehosp", privacy="name_short", name_columns=["name"])
    out.sheet("drug-list", "Drugs in stock", "pharmacy", DRUGS, group_by="store", stale_after="24h", data="ehosp")
    out.sheet("blood-bank", "Blood in stock", "blood bank", BLOOD, stale_after="6h", data="ehosp")
    out.service("lab", "Laboratory", 2, "lis", start="start-lis", rto="8h", rpo="15m", mtd="1d", links=["lab-link -> lab"])
    out.data("mariadb", "s3", "mysql", name="lis", database="lis", logs="binlog")
    out.data("files", "s3", "etc", name="settings")
    out.sheet("lab-pending", "Orders without a result", "lab", LAB_PENDING, group_by="ward", stale_after="4h", data="lis", blank_rows=10, number_block="L-0001..L-4999", name_columns=["patient_name"])
    out.sheet("lab-results", "Last results of who is in the house", "ward", LAB_RESULTS, group_by="ward", stale_after="12h", data="lis", name_columns=["patient_name"], privacy="name_short")
    out.sheet("lab-critical", "Critical values", "lab", LAB_CRITICAL, stale_after="4h", data="lis", name_columns=["patient_name"])
    out.sheet("reports-index", "Last reports", "report desk", REPORTS, stale_after="24h", data="lis")
    out.service("lab-link", "Laboratory link (HL7)", 2, "labapp", waits=["lab"], start="start-labapp", rto="12h", rpo="1h", links=["analysers -> lab-link (HL7 MLLP 2575)"])
    out.data("sqlite", "s4", "worklist.db", name="worklist")
    out.data("files", "s4", "oru", name="messages")
    out.data("files", "s4", "etc", name="settings")
    out.service("reports", "Report pages (PDF)", 2, "reports", rto="12h", rpo="1h")
    out.data("files", "s4", "reports")
    out.service("images", "Images (PACS)", 3, "images", start="start-images", rto="24h", rpo="24h")
    out.data("orthanc", "s5", "orthanc")
    out.data("files", "s5", "etc", name="settings")
    out.service("billing", "Billing", 5, "billing", waits=["opd"], start="start-billing", rto="24h", rpo="1h")
    out.data("mariadb", "s2", "mysql", name="billing", database="billing", logs="binlog")
    out.data("files", "s2", "etc", name="settings")
    out.sheet("open-bills", "Open bills", "cash desk", BILLS, stale_after="24h", data="billing", name_columns=["patient_name"], blank_rows=10, number_block="B-0001..B-4999")
    out.sheet("price-list", "Prices", "cash desk", PRICES, group_by="department", stale_after="90d", data="billing")
    out.service("files", "Departments' files", 6, "files", start="start-files", rto="2d", rpo="24h")
    out.data("files", "s5", "share")
    out.data("files", "s5", "samba", name="accounts")
    for server in ("s1", "s2", "s3", "s4", "s5"):
        out.data("files", server, "home", name=f"home-{server}")
    out.service("mail", "Mail", 6, "mail", start="start-mail", rto="2d", rpo="24h")
    out.data("maildir", "s5", "mail/desk", name="desk")
    out.data("maildir", "s5", "mail/lab", name="lab")
    out.service("search", "Search over reports", 7, "search", waits=["files"], start="start-search", rto="7d")
    out.data("files", "s5", "search", regenerable=True)
    out.service("standby", "Standby of e-Hospital", 7, "standby", waits=["opd"], start="make-standby", rto="7d")
    # It is made again, whatever lies there: its own way of saving logs was read, and nothing of it runs.
    out.data("postgresql", "s2", "standby", regenerable=True, allow_settings=["archive_command"])
    path = site.drill / "services.toml"
    path.write_text("\n".join(out.lines) + "\n", encoding="utf-8")
    return path
