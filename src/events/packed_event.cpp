// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "events/packed_event.h"

namespace lastgood::events {

namespace {

std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1U) ^ (value < 0 ? UINT64_MAX : 0);
}

std::int64_t unzigzag(std::uint64_t value) {
  return static_cast<std::int64_t>((value >> 1U) ^ ((value & 1U) != 0 ? UINT64_MAX : 0));
}

constexpr unsigned k_kind_shift = 4;
constexpr unsigned k_succeeded_bit = 3;

}  // namespace

EventView view_of(const model::Event& event) {
  const auto text = [](const std::string& value) { return std::string_view(value).substr(0, k_text_bytes_max); };
  return {.at_ns = event.at_ns,
          .basis = static_cast<std::uint8_t>(event.basis),
          .kind = static_cast<std::uint8_t>(event.kind),
          .succeeded = event.succeeded,
          .port = event.port,
          .to_port = event.to_port,
          .bytes_out = event.bytes_out,
          .offset_bytes = event.offset_bytes,
          .texts = {text(event.host), text(event.account), text(event.address), text(event.to_address),
                    text(event.path), text(event.path_to), text(event.what), text(event.parser), text(event.evidence)}};
}

void copy_into(const EventView& view, model::Event& event) {
  event.at_ns = view.at_ns;
  event.basis = static_cast<model::TimeBasis>(view.basis);
  event.kind = static_cast<model::EventKind>(view.kind);
  event.succeeded = view.succeeded;
  event.port = view.port;
  event.to_port = view.to_port;
  event.bytes_out = view.bytes_out;
  event.offset_bytes = view.offset_bytes;
  const std::array<std::string*, k_text_count> texts = {&event.host,       &event.account, &event.address,
                                                        &event.to_address, &event.path,    &event.path_to,
                                                        &event.what,       &event.parser,  &event.evidence};
  for (std::size_t i = 0; i < k_text_count; ++i) texts.at(i)->assign(view.texts.at(i));
}

void put_varint(std::string& out, std::uint64_t value) {
  while (value >= 0x80) {
    out += static_cast<char>(static_cast<std::uint8_t>(value | 0x80));
    value >>= 7U;
  }
  out += static_cast<char>(static_cast<std::uint8_t>(value));
}

std::optional<std::uint64_t> take_varint(std::string_view bytes, std::size_t& at) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (at >= bytes.size()) return std::nullopt;
    const auto byte = static_cast<std::uint8_t>(bytes[at++]);
    if (shift == 63 && byte > 1) return std::nullopt;
    value |= std::uint64_t{byte & 0x7fU} << shift;
    if ((byte & 0x80U) == 0) return value;
  }
  return std::nullopt;
}

void put_numbers(std::string& out, const EventView& view, std::int64_t before_ns) {
  put_varint(out, zigzag(static_cast<std::int64_t>(static_cast<std::uint64_t>(view.at_ns) -
                                                   static_cast<std::uint64_t>(before_ns))));
  put_varint(out, (std::uint64_t{view.kind} << k_kind_shift) |
                      (std::uint64_t{view.succeeded ? 1U : 0U} << k_succeeded_bit) | view.basis);
  put_varint(out, view.port);
  put_varint(out, view.to_port);
  put_varint(out, view.bytes_out);
  put_varint(out, view.offset_bytes);
}

bool take_numbers(std::string_view bytes, std::size_t& at, std::int64_t before_ns, EventView& view) {
  const auto step = take_varint(bytes, at);
  const auto flags = take_varint(bytes, at);
  const auto port = take_varint(bytes, at);
  const auto to_port = take_varint(bytes, at);
  const auto bytes_out = take_varint(bytes, at);
  const auto offset = take_varint(bytes, at);
  if (!step || !flags || !port || !to_port || !bytes_out || !offset) return false;
  const std::uint64_t basis = *flags & 7U;
  const std::uint64_t kind = *flags >> k_kind_shift;
  if (basis >= model::k_time_basis_count || kind >= model::k_event_kind_count || *port > 65535 || *to_port > 65535) {
    return false;
  }
  view.at_ns =
      static_cast<std::int64_t>(static_cast<std::uint64_t>(before_ns) + static_cast<std::uint64_t>(unzigzag(*step)));
  view.basis = static_cast<std::uint8_t>(basis);
  view.kind = static_cast<std::uint8_t>(kind);
  view.succeeded = ((*flags >> k_succeeded_bit) & 1U) != 0;
  view.port = static_cast<std::uint16_t>(*port);
  view.to_port = static_cast<std::uint16_t>(*to_port);
  view.bytes_out = *bytes_out;
  view.offset_bytes = *offset;
  return true;
}

void put_packed(std::string& out, const EventView& view) {
  put_numbers(out, view, 0);
  for (const std::string_view text : view.texts) {
    put_varint(out, text.size());
    out += text;
  }
}

bool take_packed(std::string_view bytes, std::size_t& at, EventView& view) {
  if (!take_numbers(bytes, at, 0, view)) return false;
  for (std::string_view& text : view.texts) {
    const auto length = take_varint(bytes, at);
    if (!length || *length > k_text_bytes_max || *length > bytes.size() - at) return false;
    text = bytes.substr(at, static_cast<std::size_t>(*length));
    at += static_cast<std::size_t>(*length);
  }
  return true;
}

}  // namespace lastgood::events
