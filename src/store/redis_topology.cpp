#include "store/redis_topology.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "base/text.h"

namespace oddsloom {
namespace {

constexpr std::uint16_t kPolynomial = 0x1021;  // CRC-16/XMODEM

constexpr std::array<std::uint16_t, 256> make_crc_table() {
  std::array<std::uint16_t, 256> table{};
  for (unsigned byte = 0; byte < table.size(); ++byte) {
    unsigned crc = byte << 8U;
    for (int bit = 0; bit < 8; ++bit)
      crc = (crc & 0x8000U) != 0 ? (crc << 1U) ^ kPolynomial : crc << 1U;
    table[byte] = static_cast<std::uint16_t>(crc & 0xFFFFU);
  }
  return table;
}

constexpr auto kCrcTable = make_crc_table();

unsigned crc16(std::string_view text) {
  unsigned crc = 0;
  for (const char c : text)
    crc =
        ((crc << 8U) & 0xFFFFU) ^ kCrcTable[((crc >> 8U) ^ static_cast<unsigned char>(c)) & 0xFFU];
  return crc;
}

std::string_view first_word(std::string_view text) { return text.substr(0, text.find(' ')); }

std::optional<std::uint16_t> read_port(std::optional<std::int64_t> number) {
  if (!number || *number < 1 || *number > std::numeric_limits<std::uint16_t>::max())
    return std::nullopt;
  return static_cast<std::uint16_t>(*number);
}

std::optional<RedisAddress> make_address(std::string_view host, std::optional<std::int64_t> port,
                                         const RedisAddress& asked) {
  const auto number = read_port(port);
  if (!number) return std::nullopt;
  RedisAddress address;
  address.host = host;
  address.port = *number;
  // Nodes that do not know their own address say nothing, or "?".
  if (host.empty() || host == "?") address.host = asked.path.empty() ? asked.host : "127.0.0.1";
  return address;
}

std::uint16_t index_of(std::vector<RedisAddress>& addresses, const RedisAddress& address) {
  const auto at = std::find(addresses.begin(), addresses.end(), address);
  const auto index = static_cast<std::uint16_t>(at - addresses.begin());
  if (at == addresses.end()) addresses.push_back(address);
  return index;
}

constexpr std::array<std::pair<std::string_view, ErrorClass>, 17> kClasses{{
    {"NOSCRIPT", ErrorClass::LoadScript},
    {"LOADING", ErrorClass::Later},
    {"BUSY", ErrorClass::Later},  // another client's script runs too long
    {"OOM", ErrorClass::Later},
    {"TRYAGAIN", ErrorClass::Later},
    {"NOREPLICAS", ErrorClass::Later},  // fewer replicas than min-replicas-to-write
    {"MISCONF", ErrorClass::Later},     // it cannot save, and therefore takes no writes
    {"READONLY", ErrorClass::FindPrimary},
    {"MASTERDOWN", ErrorClass::FindPrimary},
    {"MOVED", ErrorClass::Moved},
    {"ASK", ErrorClass::Ask},
    {"CLUSTERDOWN", ErrorClass::ClusterDown},
    {"NOAUTH", ErrorClass::Refused},
    {"WRONGPASS", ErrorClass::Refused},
    {"DENIED", ErrorClass::Refused},  // protected mode
    {"-DENIED", ErrorClass::Refused},
    {"NOPERM", ErrorClass::Own},
}};

}  // namespace

int hash_slot(std::string_view key) {
  const auto open = key.find('{');
  if (open != std::string_view::npos) {
    const auto end = key.find('}', open + 1);
    if (end != std::string_view::npos && end > open + 1) key = key.substr(open + 1, end - open - 1);
  }
  return static_cast<int>(crc16(key) % kHashSlots);
}

const RedisAddress* SlotTable::primary_of(int slot) const {
  const std::uint16_t index = of_slot[static_cast<std::size_t>(slot)];
  return index < primaries.size() ? &primaries[index] : nullptr;
}

std::optional<int> SlotTable::a_slot_of(std::size_t primary) const {
  const auto at = std::find(of_slot.begin(), of_slot.end(), primary);
  if (at == of_slot.end()) return std::nullopt;
  return static_cast<int>(at - of_slot.begin());
}

void SlotTable::assign(int slot, const RedisAddress& address) {
  of_slot[static_cast<std::size_t>(slot)] = index_of(primaries, address);
}

// [[first slot, last slot, [host, port, id, ..] of the primary, [host, port, ..] of replicas ..]
// ..]
Result<SlotTable> parse_slots(ReplyView answer, const RedisAddress& asked) {
  const auto malformed = [](std::size_t i) {
    return fail(ErrorKind::Malformed, "CLUSTER SLOTS[" + std::to_string(i) + "]",
                "not two slots and addresses");
  };
  if (!answer.is_list()) return fail(ErrorKind::Malformed, "CLUSTER SLOTS", "no list was answered");
  SlotTable table;
  for (std::size_t i = 0; i < answer.size(); ++i) {
    const ReplyView range = answer[i];
    const auto first = range[0].integer(), last = range[1].integer();
    if (!first || !last || *first < 0 || *last < *first || *last >= kHashSlots) return malformed(i);
    for (std::size_t node = 2; node < range.size(); ++node) {
      const auto address = make_address(range[node][0].text(), range[node][1].integer(), asked);
      if (!address) return malformed(i);
      if (node > 2) {
        index_of(table.replicas, *address);
        continue;
      }
      const std::uint16_t index = index_of(table.primaries, *address);
      std::fill(table.of_slot.begin() + *first, table.of_slot.begin() + *last + 1, index);
    }
  }
  return table;
}

std::optional<Redirect> parse_redirect(std::string_view error, const RedisAddress& asked) {
  const std::vector<std::string_view> words = split(error, ' ');
  if (words.size() < 3 || (words[0] != "MOVED" && words[0] != "ASK")) return std::nullopt;
  const auto slot = parse_int(words[1]);
  const auto colon = words[2].rfind(':');  // an IPv6 address has some itself
  if (!slot || *slot < 0 || *slot >= kHashSlots || colon == std::string_view::npos)
    return std::nullopt;
  const auto address =
      make_address(words[2].substr(0, colon), parse_int(words[2].substr(colon + 1)), asked);
  if (!address) return std::nullopt;
  return Redirect{static_cast<int>(*slot), *address};
}

std::optional<RedisAddress> parse_sentinel_answer(ReplyView answer) {
  const auto port = read_port(answer[1].integer());
  if (answer.size() != 2 || answer[0].text().empty() || !port) return std::nullopt;
  RedisAddress address;
  address.host = answer[0].text();
  address.port = *port;
  return address;
}

ErrorClass classify_error(std::string_view error) {
  const std::string_view word = first_word(error);
  for (const auto& [name, kind] : kClasses)
    if (word == name) return kind;
  // What scripts get from their own commands is passed on by 7.0 as
  // "READONLY You can't write .. script: f_.., on @user_script:1.", and by older ones as
  // "ERR Error running script (..): @user_script: 1: -READONLY You can't write ..".
  if (error.starts_with("ERR Error running script") || error.starts_with("ERR user_script"))
    for (const auto& [name, kind] : kClasses)
      if (error.find(" -" + std::string(name) + " ") != std::string_view::npos) return kind;
  return ErrorClass::Own;
}

std::string_view explain_error(std::string_view error) {
  if (first_word(error) == "OOM") return "the server's maxmemory is reached (OOM)";
  if (first_word(error) == "LOADING") return "the server is still loading its data (LOADING)";
  return error;
}

}  // namespace oddsloom
