// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "model/backup_record.h"

namespace lastgood::model {

std::string_view name_of(Independence independence) {
  switch (independence) {
    case Independence::unknown: return "unknown";
    case Independence::apart: return "apart";
    case Independence::attached: return "attached";
  }
  return "unknown";
}

}  // namespace lastgood::model
