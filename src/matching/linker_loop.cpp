#include "matching/linker_loop.h"

#include "base/log.h"

namespace oddsloom {
namespace {

constexpr std::size_t kChangesAtOnce = 2'000;
constexpr std::size_t kLinksAtOnce = 500;
constexpr std::size_t kMostDocuments = 1'000'000;  // of one bet type and source
constexpr Millis kRemembered{3 * 24 * 3'600'000};  // after kick-off
constexpr Millis kSweep{3'600'000};
constexpr int kMostTries = 5;

}  // namespace

void LinkerLoop::take(const Record& record, UtcMillis first_seen) {
  linker_.offer({{record.bookmaker, record.source, record.event_id},
                 normal_betradar_id(record.betradar_id),
                 parts_.sport_of(record.bookmaker, record.source, record.sport_id),
                 record.start_time,
                 record.home,
                 record.away,
                 first_seen});
}

Result<void> LinkerLoop::read_book() {
  const auto page = book_->read(revision_);
  if (!page) return tl::unexpected(page.error());
  for (const Link& link : page->links) linker_.adopt(link);
  for (const EventId& event : page->forgotten) linker_.adopt_forgotten(event);
  revision_ = page->revision;
  return {};
}

// By source, so that not all of them are in memory at once.
Result<void> LinkerLoop::read_documents() {
  for (const Source source : {Source::Upcoming, Source::Live}) {
    DocumentFilter filter;
    filter.source = source;
    filter.most = kMostDocuments;
    const auto documents = reader_->documents(filter);
    if (!documents) return tl::unexpected(documents.error());
    for (const MatchDocument& document : *documents)
      for (const auto& [bookmaker, record] : document.records) take(record, document.created);
  }
  return {};
}

Result<void> LinkerLoop::start() {
  auto reader = parts_.store.reader();
  if (!reader) return tl::unexpected(reader.error());
  auto book = parts_.store.link_book();
  if (!book) return tl::unexpected(book.error());
  reader_ = *std::move(reader);
  book_ = *std::move(book);
  if (auto read = read_book(); !read) return read;
  // The log's end first: what is committed while the documents are read comes again by the log.
  const auto span = reader_->change_log();
  if (!span) return tl::unexpected(span.error());
  if (auto read = read_documents(); !read) return read;
  cursor_ = span->end;
  started_ = true;
  return {};
}

Result<void> LinkerLoop::write() {
  for (int tries = 0; tries < kMostTries;) {
    const auto links = linker_.wanted(kLinksAtOnce, parts_.clock());
    if (links.empty()) return {};
    auto put = book_->put(links);
    if (put) {
      linker_.put(links);
      written_ += links.size();
      log::debug("links_written", {log::kv("links", links.size())});
      continue;
    }
    if (put.error().kind != ErrorKind::Conflict) return put;
    // One of them was undone meanwhile.
    ++tries;
    if (auto read = read_book(); !read) return read;
  }
  return {};
}

Result<bool> LinkerLoop::step() {
  if (!started_)
    if (auto begun = start(); !begun) return tl::unexpected(begun.error());
  if (auto read = read_book(); !read) return tl::unexpected(read.error());
  const auto span = reader_->change_log();
  if (!span) return tl::unexpected(span.error());
  if (cursor_ < span->begin) {
    log::warn("linker_fell_behind", {log::kv("doing", "reads all documents anew")});
    if (auto read = read_documents(); !read) return tl::unexpected(read.error());
    cursor_ = span->end;
  }
  const auto changes = reader_->changes(cursor_, kChangesAtOnce);
  if (!changes) return tl::unexpected(changes.error());
  for (const Change& change : *changes) {
    take(change.record, change.record.changed_at);
    cursor_ = change.sequence;
  }
  if (auto written = write(); !written) return tl::unexpected(written.error());
  if (const UtcMillis now = parts_.clock(); now - swept_at_ > kSweep) {
    swept_at_ = now;
    linker_.forget_before(now - kRemembered);
  }
  return changes->size() >= kChangesAtOnce;
}

}  // namespace oddsloom
