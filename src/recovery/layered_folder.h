// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// LayeredFolder: one folder of the victim as it stands in many snapshots of many sources, newest first. Each different
// form of it is read once.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "recovery/choose_version.h"
#include "recovery/opened_source.h"

namespace lastgood::recovery {

/// A snapshot, as planning sees it. Layers are numbered from the newest.
struct Layer {
  std::uint32_t source = 0;    // in OpenedSources
  std::uint32_t snapshot = 0;  // in OpenedSource::snapshots
  std::uint32_t series = 0;    // same source, host and paths
  std::int64_t time_ns = 0;
  Candidate::Company company = Candidate::Company::clean;
  Candidate::Moment moment = Candidate::Moment::before_attack;
  enum class Verdicts : std::uint8_t { all, some } verdicts = Verdicts::all;  // of its files
};

/// Where the folder lies in a layer.
struct LayerPlace {
  std::uint32_t layer = 0;
  std::string subtree;
  /// Parts of the source's live prefix that lead to `subtree` and are not stored in it.
  std::vector<std::string> prefix_left;
};

/// One form of an entry, and the layers that have it, newest first.
struct EntryForm {
  const model::TreeEntry* entry = nullptr;
  /// A folder that leads to where the source's paths begin on the victim is in no snapshot.
  enum class Origin : std::uint8_t { stored, made_up } origin = Origin::stored;
  std::span<const std::uint32_t> layers;
};

/// All forms of the entries of one name, by their newest layer.
struct NamedEntry {
  std::string_view name;
  std::vector<EntryForm> forms;
};

class LayeredFolder {
 public:
  /// Folders that cannot be read are told to `on_failure`, and are as if they were not there.
  using OnFailure = std::function<void(std::uint32_t layer, const base::Error& error)>;
  static LayeredFolder read(OpenedSources& sources, std::span<const Layer> layers, std::span<const LayerPlace> places,
                            const OnFailure& on_failure);

  /// By name, as bytes. Views live as long as this object.
  [[nodiscard]] std::vector<NamedEntry> names() const;
  /// Of that name; without forms when there is none. `name` must live as long as what is given.
  [[nodiscard]] NamedEntry find(std::string_view name) const;
  /// In all forms together.
  [[nodiscard]] std::size_t entry_count() const;
  /// The same name one level deeper.
  [[nodiscard]] std::vector<LayerPlace> below(const NamedEntry& entry) const;
  /// Newest first.
  [[nodiscard]] std::span<const std::uint32_t> layers() const { return layers_; }

 private:
  struct Form {
    std::uint32_t source = 0;
    std::string subtree;
    std::vector<std::string> prefix_left;  // after this level
    EntryForm::Origin origin = EntryForm::Origin::stored;
    sources::Folder folder;
    std::vector<std::uint32_t> layers;
  };
  std::vector<Form> forms_;
  std::vector<std::uint32_t> layers_;
};

}  // namespace lastgood::recovery
