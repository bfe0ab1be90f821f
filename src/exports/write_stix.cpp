// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "exports/write_stix.h"

#include "exports/stix_bundle.h"

namespace lastgood::exports {

Exported write_stix(const ExportInput& input) {
  const PublicWords words(input.facts, input.scope);
  StixBundle bundle(input);
  add_markings(bundle, input);
  const std::string incident = add_incident(bundle, input, words);
  const MalwareOf malware = add_malware(bundle, input, words, incident);
  Exported exported;
  exported.left_out = add_values(bundle, input, words, malware, incident);
  add_mails(bundle, input, words, incident);
  add_notes_left(bundle, input, malware, incident);
  add_report(bundle, input);
  exported.bytes = bundle.text();
  exported.objects = bundle.objects();
  return exported;
}

}  // namespace lastgood::exports
