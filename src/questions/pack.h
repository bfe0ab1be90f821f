// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// One letter: whom to ask for what, on what it stands, by which way, until when. Plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "casefile/case_about.h"
#include "documents/document.h"
#include "dossier/dossier.h"
#include "facts/case_facts.h"
#include "questions/directory.h"

namespace lastgood::questions {

struct Question {
  std::string id;        // "account.since", "address.holder", ...
  documents::Runs text;  // values are quoted
};

/// A span of time that is asked about.
struct Window {
  std::string name;
  std::int64_t from_ns = 0;
  std::int64_t to_ns = 0;
  std::string basis;  // how both ends are known, and how sure the clock was
};

/// One hand through which the request goes.
struct PathStep {
  std::string who;
  std::string does;
  std::vector<Said> notes;
};

struct AskedAddress {
  facts::AddressFacts facts;
  dossier::Dossier dossier;
};

struct Pack {
  std::string id;         // "mail-proton", "network-as64500", "registry", "police", ...; names the file
  std::string recipient;  // in our words
  std::string network;    // word for word from a data set; may be empty
  std::string kind;       // "mail", "network", "registry", "police", "interpol", "mla", "cert", ...
  std::string country;    // two letters; empty: unknown
  std::vector<Question> questions;
  std::vector<std::string> records;  // asked for
  std::vector<Said> who_may_ask;
  std::vector<Said> held;
  std::vector<Said> not_held;
  std::vector<Said> how_to_ask;
  std::vector<facts::ContactFacts> contacts;
  std::vector<AskedAddress> addresses;
  std::vector<Window> windows;
  std::vector<PathStep> path;
  int preservation_days = 0;
  std::optional<Said> preservation;
  std::vector<std::int64_t> renew_by_ns;
  std::vector<std::string> remarks;  // what this letter could not say, and why
};

/// What all letters of a case have in common.
struct CaseFrame {
  std::string case_name;
  std::string case_id;
  casefile::CaseAbout about;
  std::int64_t made_ns = 0;
  std::int64_t zone_offset_s = 0;  // local time
  std::string zone;                // "+05:30"
  std::vector<facts::HostFacts> hosts;
  std::vector<facts::CampaignFacts> campaigns;
  std::vector<facts::MomentFacts> moments;
  std::vector<evidence::EvidenceItem> evidence;
  std::vector<timeline::Contradiction> contradictions;
  std::vector<PathStep> offices;  // that may be concerned, for the police to decide
};

struct Packs {
  CaseFrame frame;
  std::vector<Pack> packs;             // the police's own first
  std::vector<std::string> not_asked;  // values that nothing ties to the attack, or that nobody can be asked about
  std::uint64_t not_asked_more = 0;    // beyond those
};

}  // namespace lastgood::questions
