// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What ransom notes say, by what it is for, as stems in some twenty languages. All stand as fold_text leaves them:
// lower case, Latin letters without accents.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace lastgood::indicators {

using Words = std::span<const std::string_view>;

/// Which topics are in every letter that is to be answered, and which only where somebody wants something.
enum class TopicUse : std::uint8_t { contact, talk, demand };

/// What a note offers, wants or forbids: one point for each topic that is there.
struct NoteTopic {
  std::string_view title;  // "asks for payment": stands in the reasons
  TopicUse use = TopicUse::talk;
  Words stems;
};

/// "encrypted", "stolen", "locked": what happened.
Words harm_stems();
/// "taken", "cannot be opened", "with us": says so only where the writer hides.
Words hint_stems();
/// "your files", "your network": whose.
Words owner_stems();
/// "files", "servers": what it happened to, whosever it is.
Words thing_stems();
/// "we have", "our team": who speaks.
Words voice_stems();
/// "must", "can be": the harm is a rule or a possibility, not a message.
Words supposed_stems();
/// "the attackers", "according to": somebody tells of it.
Words report_stems();
/// "hotline", "portal", "policy": an office or a manual speaks; an attacker may use some too.
Words office_stems();
/// "hacked", "stolen", "locked": what a short note in ASCII that does not speak of encryption says at least.
Words loss_stems();
std::span<const NoteTopic> note_topics();

}  // namespace lastgood::indicators
