// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What a contact tells about who reads it: an attacker hides, an office wants to be known.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/byte_view.h"
#include "indicators/find_contacts.h"

namespace lastgood::indicators {

enum class Hiding : std::uint8_t {
  none,
  some,  // a mail box, messenger or wallet that asks for no name; honest people have them too
  more,  // a mail host that hardly anybody else uses
  full   // Tox, Session, an onion service
};

/// How well a contact hides who reads it.
Hiding hiding_of(const Contact& contact);

/// The one that hides best of those that can be answered; a victim's own number is none. Null: there is none.
const Contact* find_best_contact(const std::vector<Contact>& contacts);

/// "support@", "privacy@": an office that wants to be known.
bool is_office(const Contact& contact);

/// A name without digits at a host of its own, as people in offices have.
bool has_plain_name(const Contact& contact);

/// The text also speaks of, or links to, the house whose mail address it gives. `folded`: as fold_text leaves it.
bool names_its_house(std::string_view folded, const Contact& contact);

/// A Tox or Session ID, a Telegram or Jabber account or an address at a host that hides its owner, in text as stored.
/// Cheap; onion services are not asked for.
bool has_hidden_contact(base::ByteView text);

}  // namespace lastgood::indicators
