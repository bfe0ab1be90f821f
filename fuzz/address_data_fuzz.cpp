// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Fuzzes what is read of data sets about addresses: the first byte says as what.
#include <cstdint>

#include "base/assert.h"
#include "base/byte_view.h"
#include "network/manifest.h"
#include "network/mmdb.h"
#include "network/range_table.h"
#include "network/tor_exits.h"

namespace {

using namespace lastgood;

void look_up_in(const network::Mmdb& mmdb) {
  model::IpAddress address;
  for (int i = 0; i < 64; ++i) {
    for (std::size_t byte = 0; byte < 16; ++byte)
      address.bytes.at(byte) = static_cast<std::uint8_t>(i * 37 + static_cast<int>(byte) * i);
    address.is_v6 = i % 2 == 1;
    if (!address.is_v6) std::fill(address.bytes.begin() + 4, address.bytes.end(), std::uint8_t{0});
    const auto country = mmdb.find_country(address);
    LG_ASSERT(!country || ((*country)[0] >= 'A' && (*country)[1] <= 'Z'));
  }
}

void search_table(network::RangeTable& table) {
  table.finish();
  for (const char* text : {"0.0.0.0", "1.2.3.4", "255.255.255.255", "::", "2001:db8::1", "ffff::"}) {
    const auto address = model::parse_ip(text);
    if (address && table.find_network(*address)) LG_ASSERT(table.contains(*address));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const base::ByteView bytes(std::span<const std::uint8_t>(data + 1, size - 1));
  network::RangeTable table;
  switch (data[0] % 5) {
    case 0:
      if (const auto mmdb = network::parse_mmdb(bytes); mmdb.ok()) look_up_in(mmdb.value());
      break;
    case 1:
      if (table.add_csv(bytes).ok()) search_table(table);
      break;
    case 2:
      if (table.add_blocks(bytes).ok()) search_table(table);
      break;
    case 3: {
      network::TorExits exits;
      (void)exits.add_lists(bytes).ok();
      break;
    }
    default: (void)network::parse_manifest(bytes).ok(); break;
  }
  return 0;
}
