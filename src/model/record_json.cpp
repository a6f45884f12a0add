// A record as JSON: docs/record.md. The constant text stands here as it comes out, so that it is
// written in few pieces; this is done for every record of every answer.
#include "base/text.h"
#include "base/text_pen.h"
#include "model/record.h"

namespace oddsloom {
namespace {

// What the calling thread writes in; text is copied from it at its final length.
std::string& buffer() {
  thread_local std::string kept;
  constexpr std::size_t kMostKept = 65'536;
  if (kept.size() > kMostKept) kept = std::string();
  return kept;
}

// The seed's spelling of a status, which is the feed's.
std::string_view seed_status(Status status) {
  switch (status) {
    case Status::Open:
      return "Open";
    case Status::Suspended:
      return "Suspended";
    case Status::Closed:
      return "Closed";
  }
  return "Closed";
}

void put_price(TextPen& pen, Price price) {
  pen.put(kLongestPrice, [price](char* at) { return put_text(at, price); });
}

void put_price(TextPen& pen, const std::optional<Price>& price) {
  if (price) put_price(pen, *price);
}

void put_time(TextPen& pen, UtcMillis time) {
  pen.put(kLongestIso8601, [time](char* at) { return put_iso8601(at, time); });
}

std::string_view truth(bool value) { return value ? "true" : "false"; }

// Only an integer finds its way into a NUMERIC index; an id of another kind would hide the whole
// document. An id is text, so "007" is not 7.
bool is_index_number(std::string_view id) {
  if (!parse_int(id)) return false;
  const std::string_view digits = id.substr(id.front() == '-' ? 1 : 0);
  return digits.front() != '0' || id == "0";
}

void put_outcomes(TextPen& pen, const Record& record) {
  std::string_view separator = "{";
  for (const Outcome& outcome : record.outcomes) {
    pen.put(separator).json(outcome.key);
    if (outcome.price) {
      pen.put(R"(:{"price":")");
      put_price(pen, *outcome.price);
      pen.put(R"(","status":")");
    } else {
      pen.put(R"(:{"price":null,"status":")");
    }
    pen.put(to_string(outcome.status)).put(R"(","usable":)").put(truth(outcome.usable));
    pen.put(R"(,"selection_id":)").json(outcome.selection_id);
    pen.put(R"(,"name":)").json(outcome.name).put("}");
    separator = ",";
  }
  pen.put(record.outcomes.empty() ? "{}" : "}");
}

// What a record and its content begin with; the outcomes are the last of it.
void put_head(TextPen& pen, const Record& record) {
  pen.put(R"({"bookmaker":)").json(record.bookmaker);
  pen.put(R"(,"bet_type":)").json(record.bet_type);
  pen.put(R"(,"source":")").put(to_string(record.source));
  pen.put(R"(","segment":)").json(record.segment);
  if (record.line)
    pen.put(R"(,"line":")").put(to_text(*record.line)).put(R"(","event_id":)");
  else
    pen.put(R"(,"line":null,"event_id":)");
  pen.json(record.event_id);
  pen.put(R"(,"home":)").json(record.home).put(R"(,"away":)").json(record.away);
  if (record.start_time) {
    pen.put(R"(,"start_time":")");
    put_time(pen, *record.start_time);
    pen.put(R"(","sport_id":)");
  } else {
    pen.put(R"(,"start_time":null,"sport_id":)");
  }
  pen.json(record.sport_id).put(R"(,"betradar_id":)").json(record.betradar_id);
  pen.put(R"(,"market_status":")").put(to_string(record.status));
  pen.put(R"(","offered":)").put(truth(record.offered)).put(R"(,"outcomes":)");
}

// What a record's content has behind the outcomes, but the closing bracket.
void put_content_end(TextPen& pen, const Record& record) {
  pen.put(R"(,"competition_name":)").json(record.competition);
  pen.put(R"(,"market_id":)").json(record.market_id);
  pen.put(R"(,"target_date":)").json(record.target_date);
}

// teams {"home;away": {"1": {odd_value, odd_status, outcome}}}, and beside it per outcome {odd_,
// selection_id, ..}.
void put_seed_outcomes(TextPen& pen, const Record& record) {
  pen.put(R"(,"teams":{)").json(team_key(record));
  std::string_view separator = ":{";
  for (const Outcome& outcome : record.outcomes) {
    pen.put(separator).json(outcome.key).put(R"(:{"odd_value":")");
    put_price(pen, outcome.price);
    pen.put(R"(","odd_status":")").put(seed_status(outcome.status));
    pen.put(R"(","outcome":)").json(outcome.key).put("}");
    separator = ",";
  }
  pen.put(record.outcomes.empty() ? ":{}}" : "}}");
  for (const Outcome& outcome : record.outcomes) {
    pen.put(",").json(outcome.key).put(R"(:{"odd_":")");
    put_price(pen, outcome.price);
    pen.put(R"(","selection_id":)").json(outcome.selection_id);
    pen.put(R"(,"odds_status":")").put(seed_status(outcome.status));
    pen.put(R"json(","split(%)":"","currency":""})json");
  }
}

}  // namespace

RecordText render(const Record& record) {
  RecordText out;
  TextPen pen(buffer());
  put_head(pen, record);
  out.outcomes_at = pen.size();
  put_outcomes(pen, record);
  out.outcomes_end = pen.size();
  put_content_end(pen, record);
  pen.put("}");
  out.content = pen.text();
  out.hash = content_hash(std::string_view(out.content));
  return out;
}

void put_times(TextPen& pen, const Record& record) {
  pen.put(R"(,"observed_at":")");
  const std::size_t at = pen.size();
  put_time(pen, record.observed_at);
  const std::size_t size = pen.size() - at;
  pen.put(R"(","changed_at":")");
  if (record.changed_at == record.observed_at)
    pen.put_again(at, size);
  else
    put_time(pen, record.changed_at);
  pen.put("\"");
}

void put_rest(TextPen& pen, const Record& record) {
  pen.put(R"(,"create_date":)").put(record.changed_at.seconds());
  pen.put(R"(,"competition_name":)").json(record.competition);
  pen.put(R"(,"event_status":")").put(seed_status(record.status)).put("\"");
  if (is_index_number(record.event_id)) pen.put(R"(,"eventId_gameId":)").put(record.event_id);
  pen.put(R"(,"market_id":)").json(record.market_id);
  pen.put(R"(,"target_date":)").json(record.target_date);
  put_seed_outcomes(pen, record);
  pen.put("}");
}

std::string to_json(const Record& record, RecordForm form) {
  TextPen pen(buffer());
  put_head(pen, record);
  put_outcomes(pen, record);
  if (form == RecordForm::Ours) put_content_end(pen, record);
  put_times(pen, record);
  if (form == RecordForm::Whole)
    put_rest(pen, record);
  else
    pen.put("}");
  return std::string(pen.text());
}

void write_json(JsonWriter& json, const Record& record) { json.raw(to_json(record)); }

std::string outcomes_member(const Record& record) {
  TextPen pen(buffer());
  put_outcomes(pen, record);
  return std::string(pen.text());
}

std::string content_json(const Record& record) { return render(record).content; }

ContentHash content_hash(const Record& record) { return render(record).hash; }

}  // namespace oddsloom
