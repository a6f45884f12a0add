#include "app/past_documents.h"

#include <map>

namespace oddsloom {
namespace {

constexpr std::size_t kPage = 5'000;

struct Past {
  std::map<std::string, MatchDocument> documents;  // by key
  bool reaches_back = false;                       // something of `at` or before it was met
};

void take(Past& past, Change change, UtcMillis at) {
  if (change.record.changed_at > at) return;
  past.reaches_back = true;
  MatchDocument& document = past.documents[change.document_key];
  if (document.key.empty()) {
    document.key = change.document_key;
    document.created = change.record.changed_at;
  }
  document.bookie_updated = change.record.changed_at;
  const std::string bookmaker = change.record.bookmaker;
  document.records.insert_or_assign(bookmaker, std::move(change.record));
}

}  // namespace

Result<std::vector<MatchDocument>> documents_at(Reader& reader, UtcMillis at) {
  const auto log = reader.change_log();
  if (!log) return tl::unexpected(log.error());
  Past past;
  for (std::uint64_t cursor = log->begin; cursor < log->end;) {
    auto page = reader.changes(cursor, kPage);
    if (!page) return tl::unexpected(page.error());
    if (page->empty()) break;
    cursor = page->back().sequence;
    for (Change& change : *page) take(past, std::move(change), at);
  }
  if (!past.reaches_back)
    return fail(ErrorKind::NotFound, "change log", "does not reach back so far");
  std::vector<MatchDocument> out;
  for (auto& [key, document] : past.documents) out.push_back(std::move(document));
  return out;
}

}  // namespace oddsloom
