#include "store/past_documents.h"

#include <algorithm>

namespace oddsloom {

bool PastDocuments::has(std::string_view key, const std::string& bookmaker) const {
  const auto found = documents_.find(key);
  return found != documents_.end() && found->second.records.contains(bookmaker);
}

void PastDocuments::add(std::string key, Record record) {
  MatchDocument& document = documents_[key];
  document.key = std::move(key);
  document.bookie_updated = std::max(document.bookie_updated, record.changed_at);
  std::string bookmaker = record.bookmaker;
  document.records.insert_or_assign(std::move(bookmaker), std::move(record));
}

std::vector<MatchDocument> PastDocuments::take() {
  std::vector<MatchDocument> out;
  out.reserve(documents_.size());
  for (auto& [key, document] : documents_) out.push_back(std::move(document));
  documents_.clear();
  return out;
}

}  // namespace oddsloom
