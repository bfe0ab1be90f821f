// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "model/structure.h"

#include <array>

namespace lastgood::model {

namespace {
constexpr std::array<std::string_view, 4> k_shape_names = {"foreign", "broken", "whole", "sealed"};
constexpr std::array<std::string_view, 4> k_reach_names = {"opening", "frame", "sampled", "content"};
}  // namespace

std::string_view name_of(Shape shape) { return k_shape_names.at(static_cast<std::size_t>(shape)); }
std::string_view name_of(Reach reach) { return k_reach_names.at(static_cast<std::size_t>(reach)); }

}  // namespace lastgood::model
