-- SPDX-FileCopyrightText: 2026 The lastgood authors
-- SPDX-License-Identifier: Apache-2.0
-- What the analysers still have to do: SQLite, write-ahead log, on s4.
CREATE TABLE worklist (id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL, uhid TEXT NOT NULL, analyser TEXT NOT NULL,
  tube TEXT NOT NULL, received_at TEXT NOT NULL, done_at TEXT);
CREATE INDEX worklist_open ON worklist (analyser) WHERE done_at IS NULL;
