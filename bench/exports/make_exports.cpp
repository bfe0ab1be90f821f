// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// make_exports FORM FIRST COUNT: prints the exports of made cases, one a line, for tools/check_exports.py.
// make_exports time VALUES: how long one case with so many values takes in each form.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "exports/export_case.h"
#include "exports/stix_checker.h"
#include "exports/testing/made_case.h"
#include "exports/write_csv.h"
#include "exports/write_misp.h"
#include "exports/write_stix.h"

namespace {

using namespace lastgood;

exports::Exported write(const exports::ExportInput& input, exports::Form form) {
  if (form == exports::Form::misp) return exports::write_misp(input);
  if (form == exports::Form::csv) return exports::write_csv(input);
  return exports::write_stix(input);
}

/// No text within JSON holds a line end, so taking them out changes nothing.
void print_line(std::string text) {
  std::erase(text, '\n');
  std::printf("%s\n", text.c_str());
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void time_forms(std::size_t values) {
  exports::ExportInput input = exports::testing::make_bak9_case();
  const facts::ContactFacts contact = input.facts.contacts.front();
  const facts::AddressFacts address = input.facts.addresses.front();
  for (std::size_t i = 0; i < values; ++i) {
    input.facts.contacts.push_back(contact);
    input.facts.contacts.back().value = "account" + std::to_string(i) + "@mail.example";
    input.facts.addresses.push_back(address);
    input.facts.addresses.back().address =
        "11." + std::to_string(i / 65536) + "." + std::to_string(i / 256 % 256) + "." + std::to_string(i % 256);
  }
  for (const exports::Form form : {exports::Form::stix, exports::Form::misp, exports::Form::csv}) {
    const auto start = std::chrono::steady_clock::now();
    const exports::Exported made = write(input, form);
    std::printf("%.*s: %zu values, %zu bytes, %.2f s", static_cast<int>(exports::name_of(form).size()),
                exports::name_of(form).data(), 2 * values, made.bytes.size(), seconds_since(start));
    if (form == exports::Form::stix) {
      const auto check = std::chrono::steady_clock::now();
      const std::size_t faults = exports::check_stix_bundle(made.bytes).size();
      std::printf(", checked in %.2f s, %zu faults", seconds_since(check), faults);
    }
    std::printf("\n");
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3 && std::string(argv[1]) == "time") {
    time_forms(std::strtoul(argv[2], nullptr, 10));
    return 0;
  }
  const auto form = argc == 4 ? exports::find_form(argv[1]) : std::nullopt;
  if (!form || *form == exports::Form::timesketch) {
    std::fputs("usage: make_exports stix|misp|csv FIRST COUNT, or make_exports time VALUES\n", stderr);
    return 2;
  }
  const std::uint64_t first = std::strtoull(argv[2], nullptr, 10);
  const std::uint64_t count = std::strtoull(argv[3], nullptr, 10);
  for (std::uint64_t seed = first; seed < first + count; ++seed)
    print_line(write(exports::testing::make_case(seed), *form).bytes);
  return 0;
}
