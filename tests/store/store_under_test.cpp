#include "store/store_under_test.h"

#include "store/redis_places.h"

namespace oddsloom::test {
namespace {

class SqlitePlace final : public StorePlace {
 public:
  std::string url() const override { return "sqlite:" + dir_.file("odds.db"); }

 private:
  TempDir dir_;
};

}  // namespace

std::vector<StoreUnderTest> stores_under_test() {
  StoreUnderTest sqlite;
  sqlite.name = "sqlite";
  sqlite.make_place = [] { return std::make_unique<SqlitePlace>(); };
  std::vector<StoreUnderTest> out{sqlite};
  for (StoreUnderTest& store : redis_stores_under_test()) out.push_back(std::move(store));
  return out;
}

std::string StoreUnderTest::k(const std::string& label, Source source) const {
  const std::string plain = "lst-" + label + "_" + std::string(to_string(source));
  return hash_tags ? "{" + plain + "}" : plain;
}

BetTypes known_bet_types() {
  return BetTypes({{"three_way", {"1", "X", "2"}, false, "THREE_WAY", "3way"},
                   {"btts", {"yes", "no"}, false, "BTTS", "btts"},
                   {"double_chance", {"1X", "12", "X2"}, false, "DOUBLE_CHANCE", "double_chance"},
                   {"totals", {"over", "under"}, true, "TOTALS", "totals"}});
}

StoreOptions options_with(const Clock& clock) {
  StoreOptions options;
  options.bet_types = known_bet_types();
  options.clock = clock;
  return options;
}

void ContractTest::open(const StoreOptions* options) {
  store_ = must(open_store(place_->url(), options ? *options : options_with(clock_.clock())));
  work_ = must(store_->work_streams());
  book_ = must(store_->match_book());
  reader_ = must(store_->reader());
}

void ContractTest::close() {
  reader_.reset();
  book_.reset();
  work_.reset();
  store_.reset();
}

std::vector<Committed> ContractTest::commit_records(std::vector<Record> records) {
  CommitBatch batch;
  batch.records = std::move(records);
  return must(oddsloom::commit(*book_, std::move(batch)));
}

std::vector<Entry> ContractTest::claim(const std::vector<StreamId>& streams, std::size_t most,
                                       const std::string& consumer, Millis visibility) {
  ClaimRequest request;
  request.streams = streams;
  request.most = most;
  request.consumer = consumer;
  request.visibility = visibility;
  return must(work_->claim(request));
}

StreamStatistics ContractTest::statistics_of(const StreamId& stream) {
  for (const StreamStatistics& one : must(work_->statistics()))
    if (one.stream == stream) return one;
  throw std::runtime_error("no stream " + stream.name());
}

Record ContractTest::stored(const Record& record) {
  const auto key = must(reader_->find(record.id()));
  if (!key) throw std::runtime_error("not stored: " + record.id().text());
  const auto document = must(reader_->document(*key));
  if (!document) throw std::runtime_error("no document: " + *key);
  return document->records.at(record.bookmaker);
}

StreamId stream_of(const std::string& bet_type, int period, Source source) {
  return {"BookieDelta", bet_type, source, period};
}

WorkEntry entry_for(const std::string& event_id) {
  WorkEntry entry;
  entry.event_id = event_id;
  entry.home = "Home of " + event_id;
  entry.start_time = kNoon + Millis(3'600'000);
  return entry;
}

std::vector<WorkEntry> entries_for(int first, int last) {
  std::vector<WorkEntry> out;
  for (int i = first; i <= last; ++i) out.push_back(entry_for(std::to_string(i)));
  return out;
}

std::vector<std::string> events_of(const std::vector<Entry>& entries) {
  std::vector<std::string> out;
  for (const Entry& entry : entries) out.push_back(entry.work.event_id);
  return out;
}

std::vector<EntryRef> refs_of(const std::vector<Entry>& entries) {
  std::vector<EntryRef> out;
  for (const Entry& entry : entries) out.push_back(entry.ref);
  return out;
}

Record record_of(const std::string& event_id, std::int32_t home_price, UtcMillis observed_at) {
  Record record;
  record.bookmaker = "BookieDelta";
  record.bet_type = "three_way";
  record.event_id = event_id;
  record.home = "Northgate Rovers";
  record.away = "Southquay United";
  record.start_time = kNoon + Millis(3'600'000);
  record.competition = "Invented League";
  record.sport_id = "14";
  record.betradar_id = "77" + event_id;
  record.target_date = "2031-05-07";
  record.market_id = "m" + event_id;
  record.outcomes = {{"1", Price{home_price}, Status::Open, true, "501", "Northgate Rovers"},
                     {"X", Price{3'400}, Status::Open, true, "502", "Draw"},
                     {"2", Price{3'925}, Status::Open, true, "503", "Southquay United"}};
  record.observed_at = observed_at;
  return record;
}

}  // namespace oddsloom::test
