// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A folder seen through an overlay: what is written to it goes to folders of ours (overlayfs). Linux only, needs root.
#pragma once

#include <string>

namespace lastgood::os {

/// For mount(2): `lower` is seen, what is written goes to `upper` in `tree`, beside `work`, both on one file system.
/// REQUIRES: neither path has a letter that means something to overlayfs (can_overlay).
[[nodiscard]] std::string overlay_options(const std::string& lower, const std::string& tree);

/// Whether the kernel shows `lower` so at `data` in `tree`; tried, and nothing of it is left. Not every file system can
/// be looked at so (vfat, an overlay on an overlay), nor takes what is written. Any thread.
[[nodiscard]] bool can_overlay(const std::string& lower, const std::string& tree);

}  // namespace lastgood::os
