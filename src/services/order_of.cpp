// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "base/assert.h"
#include "services/services_file.h"

namespace lastgood::services {

namespace {

/// The services as numbers, and who waits for whom.
struct Graph {
  std::vector<std::vector<std::size_t>> waits_for;
  std::vector<std::vector<std::size_t>> waited_for_by;
};

Graph graph_of(const ServicesFile& file) {
  std::map<std::string_view, std::size_t> by_name;
  for (std::size_t i = 0; i < file.services.size(); ++i) by_name.emplace(file.services[i].id, i);
  Graph out{.waits_for = std::vector<std::vector<std::size_t>>(file.services.size()),
            .waited_for_by = std::vector<std::vector<std::size_t>>(file.services.size())};
  for (std::size_t i = 0; i < file.services.size(); ++i) {
    for (const Dependency& dependency : file.services[i].depends_on) {
      const auto at = by_name.find(dependency.service);
      LG_ASSERT(at != by_name.end());
      out.waits_for[i].push_back(at->second);
      out.waited_for_by[at->second].push_back(i);
    }
  }
  return out;
}

/// Everything that can be reached from `first`, itself too.
std::vector<std::size_t> reach(std::size_t first, const std::vector<std::vector<std::size_t>>& edges) {
  std::vector<char> seen(edges.size(), 0);
  std::vector<std::size_t> out = {first};
  seen[first] = 1;
  for (std::size_t at = 0; at < out.size(); ++at) {
    for (const std::size_t next : edges[out[at]]) {
      if (seen[next] != 0) continue;
      seen[next] = 1;
      out.push_back(next);
    }
  }
  return out;
}

const Service* find_in(const std::vector<Service>& services, std::string_view id) {
  const auto at =
      std::find_if(services.begin(), services.end(), [&](const Service& service) { return service.id == id; });
  return at == services.end() ? nullptr : &*at;
}

}  // namespace

const Service* ServicesFile::find(std::string_view id) const { return find_in(services, id); }

const Service* ServicesFile::find_left_out(std::string_view id) const { return find_in(left_out, id); }

std::vector<const Service*> order_of(const ServicesFile& file, std::string_view wanted) {
  const Graph graph = graph_of(file);
  const std::size_t count = file.services.size();
  std::vector<char> is_wanted(count, wanted.empty() ? 1 : 0);
  std::vector<unsigned> tiers(count);
  for (std::size_t i = 0; i < count; ++i) {
    // As urgent as the most urgent that waits for it.
    tiers[i] = file.services[i].tier;
    for (const std::size_t other : reach(i, graph.waited_for_by))
      tiers[i] = std::min(tiers[i], file.services[other].tier);
    if (!wanted.empty() && file.services[i].id == wanted) {
      for (const std::size_t needed : reach(i, graph.waits_for)) is_wanted[needed] = 1;
    }
  }
  std::set<std::pair<unsigned, std::size_t>> ready;
  std::vector<std::size_t> missing(count);
  for (std::size_t i = 0; i < count; ++i) {
    missing[i] = graph.waits_for[i].size();
    if (missing[i] == 0) ready.emplace(tiers[i], i);
  }
  std::vector<const Service*> out;
  std::size_t done = 0;
  while (!ready.empty()) {
    const std::size_t next = ready.extract(ready.begin()).value().second;
    ++done;
    if (is_wanted[next] != 0) out.push_back(&file.services[next]);
    for (const std::size_t waiting : graph.waited_for_by[next]) {
      if (--missing[waiting] == 0) ready.emplace(tiers[waiting], waiting);
    }
  }
  LG_ASSERT(done == count);  // REQUIRES: no loops
  return out;
}

}  // namespace lastgood::services
