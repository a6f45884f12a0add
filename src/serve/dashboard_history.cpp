#include "serve/dashboard_history.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json_writer.h"
#include "serve/dashboard_names.h"

namespace oddsloom {
namespace {

constexpr std::size_t kMostChanges = 2'000;  // of one record
// Read of one record: a store gives the oldest first, and the newest are wanted.
constexpr std::size_t kMostRead = 20'000;

void put_outcome(JsonWriter& json, const Record& record, const Outcome& outcome) {
  json.key(outcome.key).begin_object().key("price");
  if (outcome.price)
    json.raw(to_text(*outcome.price));
  else
    json.null();
  json.member("status", to_string(outcome.status))
      .member("usable", outcome.usable && record.offered)
      .end_object();
}

void put_point(JsonWriter& json, const Record& record) {
  json.begin_object()
      .member("at", std::string_view(to_iso8601(record.changed_at)))
      .member("offered", record.offered)
      .key("outcomes")
      .begin_object();
  for (const Outcome& outcome : record.outcomes) put_outcome(json, record, outcome);
  json.end_object().end_object();
}

std::string refusal_json(const Error& error) {
  std::string out;
  JsonWriter(out).begin_object().member("message", std::string_view(error.text())).end_object();
  return out;
}

class HistorySubscriber : public Subscriber {
 public:
  HistorySubscriber(const ReadHistory& read, std::vector<RecordId> records, const Catalog& catalog,
                    std::function<void()> wake) {
    read(std::move(records), kMostChanges,
         [told = told_, &catalog,
          wake = std::move(wake)](const Result<std::vector<RecordHistory>>& histories) {
           *told =
               histories
                   ? fmt::format("event: answer\ndata: {}\n\n", history_json(*histories, catalog))
                   : fmt::format("event: refusal\ndata: {}\n\n", refusal_json(histories.error()));
           wake();
         });
  }

  Frames next(UtcMillis) override {
    if (told_->empty() || is_said_) return {};
    is_said_ = true;
    return {told_};
  }
  std::string ended() const override { return is_said_ ? "answered" : ""; }

 private:
  // Outlives the subscriber while the log is read.
  std::shared_ptr<std::string> told_ = std::make_shared<std::string>();
  bool is_said_ = false;
};

}  // namespace

Result<HistoryQuestion> read_history_question(const WebRequest& request) {
  HistoryQuestion out;
  const auto take = [&](std::string_view name, std::string& into) -> Result<void> {
    const std::string* given = request.parameter(name);
    if (!given || given->empty()) return fail(ErrorKind::Missing, std::string(name), "is missing");
    into = *given;
    return {};
  };
  if (auto taken = take("match", out.match_id); !taken) return tl::unexpected(taken.error());
  if (auto taken = take("bet_type", out.bet_type); !taken) return tl::unexpected(taken.error());
  const std::string* segment = request.parameter("segment");
  out.segment = segment ? *segment : std::string(kFullTime);
  if (const std::string* line = request.parameter("line")) {
    const auto read = parse_line(*line);
    if (!read) return fail_in("line", read.error());
    out.line = *read;
  }
  return out;
}

std::vector<RecordId> records_asked(const HistoryQuestion& question, const BoardMatch& match) {
  std::vector<RecordId> out;
  for (const BoardEvent& event : match.events)
    for (const BoardMarket& market : event.markets) {
      const Record& record = *market.record;
      if (out.size() < kMostListings && record.bet_type == question.bet_type &&
          record.segment == question.segment && record.line == question.line)
        out.push_back(record.id());
    }
  return out;
}

Result<std::vector<RecordHistory>> read_histories(Reader& reader,
                                                  const std::vector<RecordId>& records,
                                                  std::size_t most) {
  const auto log = reader.change_log();
  if (!log) return tl::unexpected(log.error());
  std::vector<RecordHistory> out;
  for (const RecordId& id : records) {
    auto changes = reader.history(id, kMostRead);
    if (!changes) return fail_in(id.text(), changes.error());
    const bool whole = log->begin == 0 && changes->size() <= most;
    if (changes->size() > most)
      changes->erase(changes->begin(), changes->end() - static_cast<std::ptrdiff_t>(most));
    out.push_back({id, *std::move(changes), whole});
  }
  return out;
}

std::string history_json(const std::vector<RecordHistory>& histories, const Catalog& catalog) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("listings").begin_array();
  for (const RecordHistory& history : histories) {
    json.begin_object();
    put_bookmaker(json, history.id.bookmaker, catalog);
    json.member("source", to_string(history.id.source))
        .member("event_id", std::string_view(history.id.event_id))
        .member("whole", history.whole)
        .key("points")
        .begin_array();
    for (const Change& change : history.changes) put_point(json, change.record);
    json.end_array().end_object();
  }
  json.end_array().end_object();
  return out;
}

std::unique_ptr<Subscriber> answer_history(const ReadHistory& read, std::vector<RecordId> records,
                                           const Catalog& catalog, std::function<void()> wake) {
  return std::make_unique<HistorySubscriber>(read, std::move(records), catalog, std::move(wake));
}

}  // namespace oddsloom
