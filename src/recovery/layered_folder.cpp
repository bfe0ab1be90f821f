// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/layered_folder.h"

#include <algorithm>
#include <utility>

namespace lastgood::recovery {

namespace {

/// A folder of the live prefix: nothing but the next part of it.
sources::Folder prefix_folder(const LayerPlace& place) {
  model::TreeEntry entry;
  entry.name = place.prefix_left.front();
  entry.kind = model::EntryKind::folder;
  entry.mode = 0755;
  entry.subtree = place.subtree;
  sources::Folder folder;
  folder.entries.push_back(std::move(entry));
  return folder;
}

}  // namespace

LayeredFolder LayeredFolder::read(OpenedSources& sources, std::span<const Layer> layers,
                                  std::span<const LayerPlace> places, const OnFailure& on_failure) {
  LayeredFolder out;
  for (const LayerPlace& place : places) {
    const std::uint32_t source = layers[place.layer].source;
    const bool is_prefix = !place.prefix_left.empty();
    const auto known = std::find_if(out.forms_.begin(), out.forms_.end(), [&](const Form& form) {
      return form.source == source && form.subtree == place.subtree &&
             form.prefix_left.size() + 1 == std::max<std::size_t>(place.prefix_left.size(), 1);
    });
    if (known != out.forms_.end()) {
      known->layers.push_back(place.layer);
      out.layers_.push_back(place.layer);
      continue;
    }
    Form form{.source = source, .subtree = place.subtree, .prefix_left = {}, .folder = {}, .layers = {place.layer}};
    if (is_prefix) {
      form.folder = prefix_folder(place);
      form.origin = EntryForm::Origin::made_up;
      form.prefix_left.assign(place.prefix_left.begin() + 1, place.prefix_left.end());
    } else {
      auto read = sources.opened[source].source->read_folder(place.subtree);
      if (!read.ok()) {
        on_failure(place.layer, read.error());
        continue;
      }
      form.folder = std::move(read).value();
    }
    out.forms_.push_back(std::move(form));
    out.layers_.push_back(place.layer);
  }
  return out;
}

std::vector<NamedEntry> LayeredFolder::names() const {
  struct Found {
    const model::TreeEntry* entry;
    const Form* form;
  };
  std::vector<Found> all;
  for (const Form& form : forms_) {
    for (const model::TreeEntry& entry : form.folder.entries) all.push_back({.entry = &entry, .form = &form});
  }
  std::sort(all.begin(), all.end(), [](const Found& a, const Found& b) {
    return std::pair(std::string_view(a.entry->name), a.form->layers.front()) <
           std::pair(std::string_view(b.entry->name), b.form->layers.front());
  });
  std::vector<NamedEntry> out;
  for (const Found& found : all) {
    if (out.empty() || out.back().name != found.entry->name) out.push_back({.name = found.entry->name, .forms = {}});
    out.back().forms.push_back({.entry = found.entry, .origin = found.form->origin, .layers = found.form->layers});
  }
  return out;
}

NamedEntry LayeredFolder::find(std::string_view name) const {
  NamedEntry out{.name = name, .forms = {}};
  for (const Form& form : forms_) {
    const model::TreeEntry* entry = find_entry(form.folder, name);
    if (entry != nullptr) out.forms.push_back({.entry = entry, .origin = form.origin, .layers = form.layers});
  }
  return out;
}

std::size_t LayeredFolder::entry_count() const {
  std::size_t count = 0;
  for (const Form& form : forms_) count += form.folder.entries.size();
  return count;
}

std::vector<LayerPlace> LayeredFolder::below(const NamedEntry& entry) const {
  std::vector<LayerPlace> places;
  for (const EntryForm& form : entry.forms) {
    if (form.entry->kind != model::EntryKind::folder) continue;
    const auto owner = std::find_if(forms_.begin(), forms_.end(), [&](const Form& candidate) {
      return candidate.layers.data() == form.layers.data();
    });
    for (const std::uint32_t layer : form.layers)
      places.push_back({.layer = layer, .subtree = form.entry->subtree, .prefix_left = owner->prefix_left});
  }
  std::sort(places.begin(), places.end(), [](const LayerPlace& a, const LayerPlace& b) { return a.layer < b.layer; });
  return places;
}

}  // namespace lastgood::recovery
