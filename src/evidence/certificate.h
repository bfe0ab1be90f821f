// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The data for the certificate of section 63(4)(c) of the Bharatiya Sakshya Adhiniyam 2023 (Schedule, Part A by the
// party, Part B by the expert): device, hash values and times filled in from the ledger, with the hash report. Every
// statement of belief, every tick that asserts something, and every signature is left to the person who makes it.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "evidence/custody.h"
#include "evidence/manifest.h"

namespace lastgood::evidence {

/// One piece of evidence with its hash report.
struct CertifiedItem {
  EvidenceItem item;
  std::vector<ManifestFile> files;  // at most k_report_rows_max
  std::uint64_t files_left_out = 0;
};

inline constexpr std::size_t k_report_rows_max = 5000;

[[nodiscard]] base::Result<CertifiedItem> gather_certificate(const std::string& case_folder, const EvidenceItem& item);

std::string write_certificate_html(const CertifiedItem& certified, const std::string& case_id);
std::string write_certificate_text(const CertifiedItem& certified, const std::string& case_id);

/// "23/11/2022 12:37:00 IST" of an RFC 3339 time; "" when it is none.
std::string indian_time(std::string_view rfc3339);

}  // namespace lastgood::evidence
