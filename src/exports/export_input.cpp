// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "exports/export_input.h"

#include <array>
#include <utility>

namespace lastgood::exports {

namespace {

struct TlpNames {
  Tlp tlp;
  std::string_view name;
  std::string_view small_name;
};
constexpr std::array<TlpNames, 5> k_tlp_names = {{{Tlp::clear, "CLEAR", "clear"},
                                                  {Tlp::green, "GREEN", "green"},
                                                  {Tlp::amber, "AMBER", "amber"},
                                                  {Tlp::amber_strict, "AMBER+STRICT", "amber+strict"},
                                                  {Tlp::red, "RED", "red"}}};

}  // namespace

std::string_view name_of(Tlp tlp) { return k_tlp_names.at(static_cast<std::size_t>(tlp)).name; }
std::string_view small_name_of(Tlp tlp) { return k_tlp_names.at(static_cast<std::size_t>(tlp)).small_name; }

std::optional<Tlp> find_tlp(std::string_view name) {
  for (const TlpNames& row : k_tlp_names)
    if (row.name == name || row.small_name == name) return row.tlp;
  return std::nullopt;
}

}  // namespace lastgood::exports
