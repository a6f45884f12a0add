#include "store/redis_document_doctor.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "store/redis_doubles.h"
#include "store/redis_lookup_doctor.h"
#include "store/redis_search_index.h"

namespace oddsloom {
namespace {

constexpr std::size_t kDocumentsAtOnce = 200;  // in one pipeline
constexpr std::size_t kLookupsAtOnce = 500;
constexpr std::size_t kMostWriters = 10'000;  // remembered
constexpr std::size_t kMostNamed = 1'000;     // documents that are named as doubles, at most
constexpr Millis kPatience{10'000};

std::uint64_t hash_of(std::string_view text) { return content_hash(text).low; }

// A key of another kind: as an answer it is as good as another.
bool is_wrong_type(ReplyView reply) {
  return reply.text().starts_with("WRONGTYPE") ||
         reply.text().find("wrong Redis type") != std::string_view::npos;
}

}  // namespace

Result<void> RedisDocumentDoctor::run(const std::vector<RedisPrimary>& primaries) {
  std::vector<RedisCommand> counts;
  for (const RedisMarket& market : names_.markets())
    counts.emplace_back("ZCARD").key(market.keys.documents);
  const auto replies = client_.run(std::move(counts), kPatience);
  if (!replies) return tl::unexpected(replies.error());
  for (const Reply& reply : *replies)
    expected_ += static_cast<std::uint64_t>(reply.view().integer().value_or(0));

  RedisKeyWalk walk(client_, primaries, names_.pattern());
  std::vector<std::string> documents, lookups;
  while (true) {
    auto page = walk.next();
    if (!page) return tl::unexpected(page.error());
    for (std::string& key : page->value_or(std::vector<std::string>{})) {
      if (const auto name = names_.document(key)) {
        const auto ours = is_ours(*name);
        if (!ours) return tl::unexpected(ours.error());
        if (*ours) documents.push_back(std::move(key));
      } else if (names_.lookup(key)) {
        lookups.push_back(std::move(key));
      }
    }
    const bool at_end = !*page;
    if (documents.size() >= kDocumentsAtOnce || at_end)
      if (auto done = look_at_documents(std::exchange(documents, {})); !done) return done;
    if (lookups.size() >= kLookupsAtOnce || at_end)
      if (auto done =
              examine_lookups(house_, client_, names_, std::exchange(lookups, {}), findings_);
          !done)
        return done;
    if (at_end) break;
  }
  const auto doubles = find_doubles();
  if (doubles.empty()) return {};
  progress_("documents that hold the same event", 0, doubles.size());
  return name_doubles(house_, client_, names_, primaries, doubles, findings_);
}

// "BookieDelta_my_lst-..": a document of bookmaker BookieDelta_my in the store lst, or of
// BookieDelta in the store my_lst, if there is one.
Result<bool> RedisDocumentDoctor::is_ours(const RedisKeyNames::Document& name) {
  if (name.writer.find('_') == std::string_view::npos) return true;
  if (const auto known = ours_.find(name.writer); known != ours_.end()) return known->second;
  bool others = false;
  for (auto at = name.writer.find('_'); at != std::string_view::npos && !others;
       at = name.writer.find('_', at + 1)) {
    const std::string_view rest = name.writer.substr(at + 1);
    RedisCommand exists("EXISTS");
    exists.key(fmt::format("{}_{}_layout", rest, house_.options.naming.prefix));
    const auto reply = client_.ask(std::move(exists), kRedisAnswer);
    if (!reply) return tl::unexpected(reply.error());
    others = reply->view().integer() == 1;
  }
  if (ours_.size() >= kMostWriters) ours_.clear();
  ours_.emplace(name.writer, !others);
  return !others;
}

// In pieces of one pipeline: reads them, follows their lookups, looks a second time at what looks
// wrong.
Result<void> RedisDocumentDoctor::look_at_documents(const std::vector<std::string>& keys) {
  for (std::size_t from = 0; from < keys.size(); from += kDocumentsAtOnce) {
    const std::size_t to = std::min(keys.size(), from + kDocumentsAtOnce);
    std::vector<RedisCommand> commands;
    std::vector<Document> documents;
    for (std::size_t i = from; i < to; ++i) {
      Document& document = documents.emplace_back();
      document.key = keys[i];
      document.market = names_.document(keys[i])->market;
      commands.push_back(branches_command(house_.flavour, document.key));
      commands.emplace_back("ZSCORE").key(document.market->keys.documents).add(document.key);
    }
    const auto replies = client_.run(std::move(commands), kPatience);
    if (!replies) return tl::unexpected(replies.error());
    for (std::size_t i = 0; i < documents.size(); ++i) {
      const ReplyView content = (*replies)[2 * i].view();
      if (content.is_error() && !is_wrong_type(content))
        return tl::unexpected(no_error(content, documents[i].key).error());
      documents[i].content = read_branches(house_.flavour, *documents[i].market, content);
      documents[i].listed = !(*replies)[2 * i + 1].view().is_nil();
    }
    std::erase_if(documents, [](const Document& document) { return !document.content.exists; });
    if (auto done = follow_lookups(documents); !done) return done;
    std::vector<Doubt> doubts;
    for (const Document& document : documents) {
      note_content(document);
      add_doubts(document, doubts);
    }
    if (auto done = look_again(doubts); !done) return done;
    read_ += documents.size();
    progress_("documents", read_, expected_);
  }
  return {};
}

std::string RedisDocumentDoctor::lookup_of(const Document& document,
                                           const RedisBranch& branch) const {
  return house_.options.naming.lookup(*document.market->type, branch.id);
}

Result<void> RedisDocumentDoctor::follow_lookups(std::vector<Document>& documents) {
  std::vector<RedisCommand> commands;
  for (const Document& document : documents)
    for (const RedisBranch& branch : document.content.branches)
      commands.push_back(lead_command(house_.flavour, lookup_of(document, branch)));
  if (commands.empty()) return {};
  const auto replies = client_.run(std::move(commands), kPatience);
  if (!replies) return tl::unexpected(replies.error());
  std::size_t at = 0;
  for (Document& document : documents)
    for (std::size_t i = 0; i < document.content.branches.size(); ++i) {
      const ReplyView reply = (*replies)[at++].view();
      document.leads.emplace_back(reply.is_error() ? "" : reply.text());
    }
  return {};
}

void RedisDocumentDoctor::note_content(const Document& document) {
  const std::uint64_t hash = hash_of(document.key);
  sightings_.push_back({0, hash});
  if (!document.content.trouble.empty())
    findings_.problem(
        "unreadable-document", document.key,
        fmt::format("cannot be read ({}): another program has made it; remove or rename it",
                    document.content.trouble));
  else if (document.content.branches.empty())
    findings_.problem(
        "orphan-document", document.key,
        fmt::format("holds no bookmaker's record, so no event leads to it: DEL {}", document.key));
  for (const RedisBranch& branch : document.content.branches) {
    if (!branch.id.event_id.empty()) sightings_.push_back({hash_of(branch.id.text()), hash});
    if (!branch.trouble.empty())
      findings_.problem(
          "unreadable-document", document.key,
          fmt::format("its record of {} cannot be read ({}) and is not shown: another program has "
                      "written to it; the next change of the odds writes it anew",
                      branch.bookmaker, branch.trouble));
  }
}

void RedisDocumentDoctor::add_doubts(const Document& document, std::vector<Doubt>& doubts) const {
  const auto& ours = house_.options.bookmakers;
  for (std::size_t i = 0; i < document.leads.size(); ++i) {
    const RedisBranch& branch = document.content.branches[i];
    const std::string& lead = document.leads[i];
    // Another program's branches of bookmakers that are no business of this one need no lookup.
    const bool wanted = !branch.id.event_id.empty() &&
                        (!branch.foreign || ours.empty() ||
                         std::find(ours.begin(), ours.end(), branch.bookmaker) != ours.end());
    if (lead == document.key ? !document.listed : wanted)
      doubts.push_back({&document, &branch, lead});
  }
}

Result<void> RedisDocumentDoctor::look_again(const std::vector<Doubt>& doubts) {
  if (doubts.empty()) return {};
  std::vector<RedisCommand> commands;
  for (const auto& [document, branch, lead] : doubts) {
    const MarketKeys& keys = document->market->keys;
    const std::string lookup = lookup_of(*document, *branch);
    commands.emplace_back("ZSCORE").key(keys.documents).add(document->key);
    commands.emplace_back("ZSCORE").key(keys.expiry).add(document->key + "\n" + lookup);
    commands.push_back(
        branches_command(house_.flavour, lead.empty() ? document->key : std::string(lead)));
    commands.push_back(lead_command(house_.flavour, lookup));
    commands.emplace_back("EXISTS").key(document->key);
  }
  const auto replies = client_.run(std::move(commands), kPatience);
  if (!replies) return tl::unexpected(replies.error());
  for (std::size_t i = 0; i < doubts.size(); ++i) judge(doubts[i], &(*replies)[5 * i]);
  return {};
}

void RedisDocumentDoctor::judge(const Doubt& doubt, const Reply* replies) {
  const auto& [document, branch, lead] = doubt;
  const ReplyView listed = replies[0].view(), expires = replies[1].view();
  const ReplyView named = replies[3].view(), exists = replies[4].view();
  const std::string_view names = named.is_error() ? std::string_view() : named.text();
  if (exists.integer() != 1 || names != lead) return;
  if (lead.empty()) {
    // Its time is over: the lookup is gone already, tidying takes the branch.
    const bool over =
        !expires.is_nil() && std::strtod(std::string(expires.text()).c_str(), nullptr) <=
                                 static_cast<double>(house_.options.clock().value);
    if (!over) note_orphan(*document, *branch);
  } else if (lead == document->key) {
    if (!listed.is_nil()) return;
    findings_.warning(
        "unlisted-document", document->key,
        fmt::format(
            "is not listed in {0}, so nothing that lists documents shows it: ZADD {0} {1} {2}",
            document->market->keys.documents,
            branch->kick_off ? std::to_string(branch->kick_off->value) : "+inf", document->key));
  } else {
    // Two documents of one event are told as such.
    const auto other = read_branches(house_.flavour, *document->market, replies[2].view());
    if (std::none_of(other.branches.begin(), other.branches.end(),
                     [&](const RedisBranch& held) { return held.id == doubt.branch->id; }))
      note_astray(findings_, lookup_of(*document, *branch), std::string(lead));
  }
}

void RedisDocumentDoctor::note_orphan(const Document& document, const RedisBranch& branch) {
  const std::string id = branch.id.text();
  const bool plain = branch.id.segment == kFullTime && !branch.id.line;
  const bool findable = house_.search && plain && branch.findable;
  const auto prefixes = indexed_prefixes(house_, *document.market->type, document.market->source);
  const bool covered =
      std::any_of(prefixes.begin(), prefixes.end(),
                  [&](const std::string& prefix) { return document.key.starts_with(prefix); });
  if (findable && covered)
    return findings_.warning(
        "orphan-document", document.key,
        fmt::format(
            "no lookup leads to its record of {}: another program made it, or the lookup was "
            "removed; the next sighting finds it by the search index and takes it over",
            id));
  std::string message = fmt::format(
      "no lookup leads to its record of {}, so sooner or later a second document is made; "
      "remove it: {}",
      id,
      removal_of(house_.flavour, document.key, branch.bookmaker,
                 document.content.branches.size() == 1));
  if (findable)
    message +=
        "; or, if another program makes such, set store.document_prefix to the first word of "
        "its names: then they are taken over";
  findings_.problem("orphan-document", document.key, std::move(message));
}

// Hashes of documents that hold an event together with others.
std::unordered_set<std::uint64_t> RedisDocumentDoctor::find_doubles() {
  std::unordered_set<std::uint64_t> wanted;
  std::sort(sightings_.begin(), sightings_.end());
  sightings_.erase(std::unique(sightings_.begin(), sightings_.end()), sightings_.end());
  std::uint64_t further = 0;
  for (auto from = sightings_.begin(); from != sightings_.end();) {
    const auto to = std::find_if(from, sightings_.end(),
                                 [&](const Sighting& other) { return other.event != from->event; });
    const auto count = static_cast<std::size_t>(to - from);
    if (from->event == 0)
      documents_ = count;
    else if (count > 1 && wanted.size() + count <= kMostNamed)
      for (auto at = from; at != to; ++at) wanted.insert(at->document);
    else if (count > 1)
      further += count - 1;
    from = to;
  }
  findings_.count("two-documents", further);
  return wanted;
}

}  // namespace oddsloom
