-- SPDX-FileCopyrightText: 2026 The lastgood authors
-- SPDX-License-Identifier: Apache-2.0
-- The drill hospital's cash desk: MariaDB 10.11, database `billing`, on s2. Times are local.

CREATE TABLE price_list (code varchar(16) PRIMARY KEY, name varchar(120) NOT NULL, department varchar(40) NOT NULL,
  price decimal(10,2) NOT NULL, valid_from date NOT NULL);
CREATE TABLE bill (
  id bigint PRIMARY KEY,
  uhid varchar(16) NOT NULL,
  patient_name varchar(120) NOT NULL,
  phone varchar(20) NOT NULL,
  admission_id bigint,                    -- NULL: out-patient
  opened_at datetime NOT NULL,
  status varchar(12) NOT NULL,            -- open, paid, waived
  total decimal(12,2) NOT NULL,
  paid decimal(12,2) NOT NULL,
  KEY bill_status (status), KEY bill_patient (uhid));
CREATE TABLE bill_line (id bigint PRIMARY KEY, bill_id bigint NOT NULL, code varchar(16) NOT NULL, quantity int NOT NULL,
  amount decimal(12,2) NOT NULL, KEY line_bill (bill_id));
CREATE TABLE payment (id bigint PRIMARY KEY, bill_id bigint NOT NULL, amount decimal(12,2) NOT NULL, mode varchar(12) NOT NULL,
  desk varchar(12) NOT NULL, paid_at datetime NOT NULL, KEY payment_bill (bill_id));
-- Every transaction of the day's work puts its number here, so that a drill can tell to the row what came back.
CREATE TABLE journal (commit_no bigint PRIMARY KEY, at datetime NOT NULL, what varchar(40) NOT NULL, row_key varchar(40) NOT NULL);
