-- SPDX-FileCopyrightText: 2026 The lastgood authors
-- SPDX-License-Identifier: Apache-2.0
-- The drill hospital's registration, clinics and wards: PostgreSQL 15, database `ehosp`, on s1 (standby on s2).
-- Names are as patients write them, in any script. Times are with a zone; T0 of the drill is 07:07 local.

CREATE TABLE department (id integer PRIMARY KEY, code text NOT NULL UNIQUE, name text NOT NULL, building text NOT NULL);
CREATE TABLE consultant (id integer PRIMARY KEY, department_id integer NOT NULL REFERENCES department, name text NOT NULL,
  phone text NOT NULL);
CREATE TABLE clinic (id integer PRIMARY KEY, department_id integer NOT NULL REFERENCES department, code text NOT NULL UNIQUE,
  name text NOT NULL, room text NOT NULL);
CREATE TABLE ward (id integer PRIMARY KEY, code text NOT NULL UNIQUE, name text NOT NULL, building text NOT NULL,
  floor integer NOT NULL, beds integer NOT NULL);

CREATE TABLE patient (
  uhid text PRIMARY KEY,                 -- 'UH0012345'
  name text NOT NULL,                    -- in Latin letters
  name_local text,                       -- in the patient's own script
  sex character(1) NOT NULL,             -- F, M, O
  birth_date date NOT NULL,
  phone text NOT NULL,                   -- who has no card is known by it
  address text NOT NULL,
  registered_at timestamptz NOT NULL
);
CREATE TABLE allergy (id bigint PRIMARY KEY, uhid text NOT NULL REFERENCES patient, substance text NOT NULL,
  severity text NOT NULL, recorded_at timestamptz NOT NULL);

CREATE TABLE appointment (
  id bigint PRIMARY KEY,
  uhid text NOT NULL REFERENCES patient,
  clinic_id integer NOT NULL REFERENCES clinic,
  consultant_id integer NOT NULL REFERENCES consultant,
  visit_date date NOT NULL,
  slot time NOT NULL,
  token integer NOT NULL,                -- order in the queue of its clinic and day
  status text NOT NULL,                  -- booked, arrived, seen, cancelled
  booked_at timestamptz NOT NULL
);
CREATE TABLE registration (              -- each visit of a registration desk
  id bigint PRIMARY KEY, uhid text NOT NULL REFERENCES patient, desk text NOT NULL, kind text NOT NULL, -- new, revisit, emergency
  registered_at timestamptz NOT NULL);

CREATE TABLE admission (
  id bigint PRIMARY KEY,
  uhid text NOT NULL REFERENCES patient,
  ward_id integer NOT NULL REFERENCES ward,
  bed text NOT NULL,                     -- 'B-07'
  consultant_id integer NOT NULL REFERENCES consultant,
  diagnosis text NOT NULL,
  diet text NOT NULL,
  admitted_at timestamptz NOT NULL,
  discharged_at timestamptz              -- NULL: in the house
);
CREATE TABLE transfer (id bigint PRIMARY KEY, admission_id bigint NOT NULL REFERENCES admission,
  from_ward_id integer NOT NULL REFERENCES ward, to_ward_id integer NOT NULL REFERENCES ward, to_bed text NOT NULL,
  moved_at timestamptz NOT NULL);

CREATE TABLE drug (id integer PRIMARY KEY, generic_name text NOT NULL, form text NOT NULL, strength text NOT NULL,
  store text NOT NULL, stock integer NOT NULL, reorder_level integer NOT NULL);
CREATE TABLE medication_order (id bigint PRIMARY KEY, admission_id bigint NOT NULL REFERENCES admission,
  drug_id integer NOT NULL REFERENCES drug, dose text NOT NULL, route text NOT NULL, times text NOT NULL, -- '08-14-20'
  started_at timestamptz NOT NULL, stopped_at timestamptz);
CREATE TABLE blood_unit (id bigint PRIMARY KEY, blood_group text NOT NULL, component text NOT NULL,
  expires_on date NOT NULL, reserved_for text REFERENCES patient);

-- Every transaction of the day's work puts its number here, so that a drill can tell to the row what came back.
CREATE TABLE journal (commit_no bigint PRIMARY KEY, at timestamptz NOT NULL, what text NOT NULL, row_key text NOT NULL);
