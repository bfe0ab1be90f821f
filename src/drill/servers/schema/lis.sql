-- SPDX-FileCopyrightText: 2026 The lastgood authors
-- SPDX-License-Identifier: Apache-2.0
-- The drill hospital's laboratory: MariaDB 10.11, database `lis`, on s3. Times are local.

CREATE TABLE lab_test (code varchar(12) PRIMARY KEY, name varchar(80) NOT NULL, section varchar(40) NOT NULL,
  tube varchar(20) NOT NULL, unit varchar(20) NOT NULL, low double, high double, critical_low double, critical_high double);
CREATE TABLE lab_order (
  id bigint PRIMARY KEY,
  uhid varchar(16) NOT NULL,
  patient_name varchar(120) NOT NULL,
  sex char(1) NOT NULL,
  birth_date date NOT NULL,
  ward varchar(12),                       -- its code; NULL: out-patient
  bed varchar(12),
  ordered_by varchar(80) NOT NULL,
  ordered_at datetime NOT NULL,
  collected_at datetime,
  priority varchar(8) NOT NULL,           -- stat, urgent, routine
  status varchar(12) NOT NULL,            -- ordered, collected, partial, done, cancelled
  KEY order_status (status), KEY order_patient (uhid));
CREATE TABLE result (
  id bigint PRIMARY KEY,
  order_id bigint NOT NULL,
  test_code varchar(12) NOT NULL,
  value double,
  flag varchar(2) NOT NULL,               -- '' normal, L, H, LL and HH critical
  status varchar(8) NOT NULL,             -- pending, prelim, final
  resulted_at datetime,
  told_to varchar(80),                    -- who was told of a critical value; NULL: nobody yet
  KEY result_order (order_id), KEY result_flag (flag));
CREATE TABLE report (id bigint PRIMARY KEY, order_id bigint NOT NULL, uhid varchar(16) NOT NULL, title varchar(80) NOT NULL,
  path varchar(200) NOT NULL, issued_at datetime NOT NULL, signed_by varchar(80) NOT NULL, KEY report_patient (uhid));
-- Every transaction of the day's work puts its number here, so that a drill can tell to the row what came back.
CREATE TABLE journal (commit_no bigint PRIMARY KEY, at datetime NOT NULL, what varchar(40) NOT NULL, row_key varchar(40) NOT NULL);
