// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sheets/wanted_sheets.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/letters.h"

namespace lastgood::sheets {

namespace {

using base::lower;

bool is_database(services::DataKind kind) {
  return kind == services::DataKind::postgresql || kind == services::DataKind::mariadb ||
         kind == services::DataKind::sqlite || kind == services::DataKind::orthanc;
}

/// The unit that a sheet means, or null with the reason.
const services::DataUnit* unit_of(const services::Service& service, const services::Sheet& sheet, std::string& why) {
  const services::DataUnit* only = nullptr;
  std::size_t databases = 0;
  for (const services::DataUnit& unit : service.data) {
    if (!sheet.data.empty() && unit.name == sheet.data) {
      if (is_database(unit.kind)) return &unit;
      why = fmt::format("its data '{}' is no database", sheet.data);
      return nullptr;
    }
    if (!is_database(unit.kind)) continue;
    ++databases;
    only = &unit;
  }
  if (sheet.data.empty() && databases == 1) return only;
  why = sheet.data.empty() ? fmt::format("its service has {} databases, and it does not say which it asks", databases)
                           : fmt::format("its service has no data '{}'", sheet.data);
  return nullptr;
}

bool is_same(const services::DataUnit& a, const services::DataUnit& b) {
  return a.path == b.path && a.host == b.host && a.kind == b.kind && a.logs == b.logs;
}

}  // namespace

Wanted wanted_sheets(const services::ServicesFile& file, const std::string& service) {
  Wanted out;
  const auto leave_out = [&](const services::Service& one, const services::Sheet& sheet, const std::string& why) {
    out.lost.push_back({{&one, &sheet, {}}, "The services file has a mistake: " + why});
  };
  for (const services::Service* one : services::order_of(file, "")) {
    if (!service.empty() && one->id != service) continue;
    for (const services::Sheet& sheet : one->sheets) {
      std::string why;
      const services::DataUnit* unit = unit_of(*one, sheet, why);
      if (unit == nullptr) {
        out.lost.push_back({{one, &sheet, {}}, why});
        continue;
      }
      const auto known = std::find_if(out.units.begin(), out.units.end(),
                                      [&](const WantedUnit& each) { return is_same(each.data, *unit); });
      if (known != out.units.end()) {
        known->sheets.push_back({one, &sheet, unit->database});
      } else {
        out.units.push_back({*unit, {{one, &sheet, unit->database}}});
      }
    }
    for (const services::Sheet& sheet : one->left_out_sheets) leave_out(*one, sheet, sheet.mistake);
  }
  for (const services::Service& one : file.left_out) {
    if (!service.empty() && one.id != service) continue;
    for (const services::Sheet& sheet : one.sheets)
      leave_out(one, sheet, fmt::format("service '{}' is left out: {}", one.id, one.mistake));
    for (const services::Sheet& sheet : one.left_out_sheets) leave_out(one, sheet, sheet.mistake);
  }
  return out;
}

bool keep_for(PreparedSheet& sheet, const std::string& audience) {
  if (audience.empty() || lower(sheet.audience) == lower(audience) || lower(sheet.id) == lower(audience)) return true;
  const std::string wanted = lower(audience);
  std::erase_if(sheet.packets, [&](const Packet& packet) {
    return lower(packet.name) != wanted && lower(sheet.group_by + " " + packet.name) != wanted;
  });
  return !sheet.packets.empty();
}

}  // namespace lastgood::sheets
