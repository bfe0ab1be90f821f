-- SPDX-FileCopyrightText: 2026 The lastgood authors
-- SPDX-License-Identifier: Apache-2.0
-- Made after the first rows are in.
CREATE INDEX appointment_day ON appointment (visit_date, clinic_id);
CREATE INDEX appointment_patient ON appointment (uhid);
CREATE INDEX admission_in_house ON admission (ward_id) WHERE discharged_at IS NULL;
CREATE INDEX admission_patient ON admission (uhid);
CREATE INDEX allergy_patient ON allergy (uhid);
CREATE INDEX patient_phone ON patient (phone);
