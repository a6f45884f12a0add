#include "base/hash.h"
#include "bench/operations/inputs.h"
#include "bench/operations/operation.h"
#include "model/match_document.h"

namespace oddsloom::bench {
namespace {

constexpr unsigned kPrices = 100;

MatchDocument document_of(int bookmakers) {
  MatchDocument document{"BookieDelta_lst-THREE_WAY_upcoming:1800000000-0-9500000", kNow, kNow, {}};
  for (int i = 0; i < bookmakers; ++i) {
    Record record = records(1, 10 * i).front();
    record.bookmaker = i == 0 ? "BookieDelta" : "Bookie" + std::to_string(i);
    document.records.emplace(record.bookmaker, record);
  }
  return document;
}

Operation on_records(const std::string& name, void (*run)(const Record&)) {
  return {name, "record", 50, [run, all = records(50)] {
            for (const Record& record : all) run(record);
          }};
}

Operation prices() {
  std::vector<std::string> texts;
  for (int i = 0; i < static_cast<int>(kPrices); ++i)
    texts.push_back(to_text(Price{1'010 + i * 970}));
  return {"price/parse-and-print", "price", kPrices, [texts] {
            for (const std::string& text : texts)
              expect(to_text(*parse_price(text)) == text, "a price came out as another");
          }};
}

Operation read_records() {
  std::vector<std::string> texts;
  for (const Record& record : records(50)) texts.push_back(to_json(record));
  return {"record/read-json", "record", 50, [texts] {
            for (const std::string& text : texts)
              expect(parse_record(text)->outcomes.size() == 3, "outcomes were not read");
          }};
}

}  // namespace

std::vector<Operation> model_operations() {
  const MatchDocument document = document_of(5);
  return {
      prices(),
      on_records("record/render-json", [](const Record& record) { keep(to_json(record)); }),
      on_records("record/render-json-ours",
                 [](const Record& record) { keep(to_json(record, RecordForm::Ours)); }),
      on_records("record/content-hash", [](const Record& record) { keep(content_hash(record)); }),
      read_records(),
      {"record/keep-what-is-known", "record", 50,
       [older = records(50)] {
         for (const Record& known : older) {
           Record newer = known;
           newer.home.clear();
           newer.start_time.reset();
           keep_what_is_known(newer, known);
           expect(newer.home == known.home && newer.start_time, "what was known was lost");
         }
       }},
      {"document/render-5-bookmakers", "document", 1, [document] { keep(to_json(document)); }},
      {"document/read-5-bookmakers", "document", 1,
       [text = to_json(document)] {
         expect(parse_match_document(text)->records.size() == 5, "branches were not read");
       }},
      {"hash/12-KB", "body", 1,
       [body = upcoming_answer(12 * 1024)] { keep(content_hash(std::string_view(body))); }},
  };
}

}  // namespace oddsloom::bench
