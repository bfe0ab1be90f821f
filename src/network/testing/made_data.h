// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A small folder of data sets for tests: two networks as in the case this program is built on, with made-up names.
#pragma once

#include <string>

#include "base/checksum.h"
#include "network/testing/made_mmdb.h"
#include "os/testing/scratch_folder.h"

namespace lastgood::network::testing {

/// Data of 2022-11-20 (the estimates: 2022-06-01); `folder` exists. `holder_country`: where the holder of 1.2.3.0/24 is
/// registered; its network is in HK.
inline void make_data(const std::string& folder, const std::string& holder_country = "HK") {
  std::string sets;
  const auto add = [&](const std::string& kind, const std::string& format, const std::string& file,
                       const std::string& date, const std::string& bytes) {
    os::testing::write_file(folder + "/" + file, bytes);
    const auto digest = base::sha256(base::ByteView(bytes));
    sets += (sets.empty() ? "" : ",\n") + std::string("{\"kind\":\"") + kind + "\",\"format\":\"" + format +
            "\",\"name\":\"made-" + kind +
            "\",\"version\":\"1\",\"licence\":\"CC0-1.0\",\"attribution\":\"made for tests\",\"date\":\"" + date +
            "\",\"files\":[{\"path\":\"" + file + "\",\"sha256\":\"" +
            base::hex(base::ByteView(std::span<const std::uint8_t>(digest))) + "\"}]}";
  };
  add("country.registered", "mmdb", "registered.mmdb", "2022-11-20",
      make_mmdb({.blocks = {{"1.2.3.0/24", holder_country}, {"5.6.7.0/24", "CN"}}}));
  add("country.announced", "mmdb", "announced.mmdb", "2022-11-20",
      make_mmdb({.record_bits = 28, .blocks = {{"1.2.3.0/24", "HK"}, {"5.6.7.0/24", "CN"}}}));
  add("country.estimated", "mmdb", "estimated.mmdb", "2022-06-01",
      make_mmdb({.record_bits = 32, .blocks = {{"1.2.3.0/24", "US"}, {"5.6.7.0/24", "CN"}}, .nested = true}));
  add("networks", "csv", "asn.csv", "2022-11-20",
      "1.2.3.0,1.2.3.255,64500,\"Example Cloud (HK), Limited\"\n5.6.7.0,5.6.7.255,64501,Example Henan Province "
      "Network\n");
  add("list.hosting", "blocks", "hosting.txt", "2022-11-20", "1.2.0.0/16\n");
  add("list.tor_exits", "tor-exits", "exits.txt", "2022-11-23",
      "@type tordnsel 1.0\nDownloaded 2022-11-23 07:02:00\nExitAddress 5.6.7.8 2022-11-23 06:10:41\n");
  os::testing::write_file(folder + "/manifest.json",
                          "{\"made\":\"2022-11-24T00:00:00Z\",\"sets\":[\n" + sets + "\n]}\n");
}

}  // namespace lastgood::network::testing
