// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A draft of one stage of a notice: every field filled from the case or said to be unknown, or left for a person. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "facts/case_facts.h"
#include "notices/rule_file.h"
#include "notices/statements.h"

namespace lastgood::notices {

struct Deadline {
  std::optional<std::int64_t> due_ns;  // nothing: the clock does not run, or knows no hour
  std::string sentence;                // "within 6 hours of becoming aware: due ...", "without delay", "unknown: ..."
};

struct DraftField {
  std::string label;
  std::string person;  // what a person must write; empty: from the case
  Statement statement;
};

struct Draft {
  std::string rule;   // id
  std::string stage;  // id
  std::string title;
  std::string authority;
  std::string law;
  std::string checked;
  std::string channel;
  std::string applies;
  std::string case_name;
  std::string made;  // RFC 3339
  std::string zone;  // of the case, in which the letter says times; empty: UTC
  Deadline deadline;
  std::vector<DraftField> fields;
  [[nodiscard]] bool is_final() const;  // no field is unknown or an estimate
};

/// REQUIRES: `stage` is one of the rule's.
[[nodiscard]] Deadline deadline_of(const Rule& rule, const Stage& stage, const facts::CaseFacts& facts);
[[nodiscard]] Draft make_draft(const Rule& rule, const Stage& stage, const facts::CaseFacts& facts,
                               std::int64_t now_ns);

/// What is different: "LABEL: was ..., is ...". The times at which they were made are not compared.
[[nodiscard]] std::vector<std::string> differences(const Draft& before, const Draft& after);

/// The draft as the case keeps it, and back. Errors: it is none.
[[nodiscard]] std::string write_json(const Draft& draft);
[[nodiscard]] base::Result<Draft> parse_draft(std::string_view json, const std::string& name);

}  // namespace lastgood::notices
