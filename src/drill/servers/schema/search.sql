-- SPDX-FileCopyrightText: 2026 The lastgood authors
-- SPDX-License-Identifier: Apache-2.0
-- The search over reports: made again from them at any time. SQLite, on s5.
CREATE VIRTUAL TABLE report_text USING fts5(uhid, title, path);
