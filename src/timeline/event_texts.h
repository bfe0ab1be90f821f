// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The texts of an event view by name. For timeline/ and facts/.
#pragma once

#include "events/packed_event.h"

namespace lastgood::timeline {

// In the order of events::view_of.
inline std::string_view host_of(const events::EventView& event) { return event.texts[0]; }
inline std::string_view account_of(const events::EventView& event) { return event.texts[1]; }
inline std::string_view address_of(const events::EventView& event) { return event.texts[2]; }
inline std::string_view to_address_of(const events::EventView& event) { return event.texts[3]; }
inline std::string_view path_of(const events::EventView& event) { return event.texts[4]; }
inline std::string_view path_to_of(const events::EventView& event) { return event.texts[5]; }
inline std::string_view words_of(const events::EventView& event) { return event.texts[6]; }
inline std::string_view parser_of(const events::EventView& event) { return event.texts[7]; }
inline std::string_view evidence_of(const events::EventView& event) { return event.texts[8]; }
inline model::EventKind kind_of(const events::EventView& event) { return static_cast<model::EventKind>(event.kind); }

}  // namespace lastgood::timeline
