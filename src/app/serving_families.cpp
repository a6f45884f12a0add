#include "app/serving_families.h"

#include <algorithm>

#include "base/text.h"

namespace oddsloom {
namespace {

template <class Metrics>
struct CounterRow {
  const char* name;
  const char* help;
  Counter Metrics::*counter;
  const char* label = nullptr;  // one more label, and its value
  const char* value = nullptr;
};

template <class Metrics>
struct GaugeRow {
  const char* name;
  const char* help;
  Gauge Metrics::*gauge;
  double unit = 1;  // of the gauge, in those that are told
};

constexpr const char* kEntries = "Entries of work streams, by what became of them.";
constexpr const char* kAnswers = "Answers read, or recognised as seen before.";
constexpr const char* kRecords = "Records handed to the store, by what it did with them.";

constexpr CounterRow<ExtractMetrics> kExtractCounters[] = {
    {"entries_total", kEntries, &ExtractMetrics::claimed, "outcome", "claimed"},
    {"entries_total", kEntries, &ExtractMetrics::entries_done, "outcome", "done"},
    {"entries_total", kEntries, &ExtractMetrics::entries_delayed, "outcome", "delayed"},
    {"entries_total", kEntries, &ExtractMetrics::entries_buried, "outcome", "dead"},
    {"market_requests_total", "HTTP requests for markets.", &ExtractMetrics::requests},
    {"events_fetched_total", "Events that those requests asked for.",
     &ExtractMetrics::events_fetched},
    {"received_bytes_total", "Bodies of answers, as they came over the wire.",
     &ExtractMetrics::bytes_received},
    {"answers_total", kAnswers, &ExtractMetrics::answers_mapped, "outcome", "mapped"},
    {"answers_total", kAnswers, &ExtractMetrics::answers_unchanged, "outcome", "unchanged"},
    {"records_total", kRecords, &ExtractMetrics::records_created, "outcome", "created"},
    {"records_total", kRecords, &ExtractMetrics::records_merged, "outcome", "merged"},
    {"records_total", kRecords, &ExtractMetrics::records_same, "outcome", "same"},
    {"records_total", kRecords, &ExtractMetrics::records_stale, "outcome", "stale"},
    {"markets_not_offered_total", "Markets that were asked for and are not offered.",
     &ExtractMetrics::markets_not_offered},
    {"mapping_problems_total", "Single outcomes that could not be read.",
     &ExtractMetrics::mapping_problems},
    {"commits_total", "Batches handed to the store.", &ExtractMetrics::commits},
    {"commit_failures_total", "Of those, batches that it refused.",
     &ExtractMetrics::commit_failures},
};
constexpr GaugeRow<ExtractMetrics> kExtractGauges[] = {
    {"requests_in_flight", "HTTP requests under way.", &ExtractMetrics::in_flight},
    {"entries_held", "Entries claimed and not yet settled.", &ExtractMetrics::held},
};
constexpr CounterRow<PollerMetrics> kListCounters[] = {
    {"list_pages_total", "Pages of lists read.", &PollerMetrics::pages},
    {"list_page_failures_total", "Pages of lists that could not be fetched or read.",
     &PollerMetrics::page_failures},
    {"entries_appended_total", "Entries put on work streams by pollers.", &PollerMetrics::appended},
    {"entries_held_back_total", "Entries not appended because of the backlog.",
     &PollerMetrics::held_back},
};
constexpr GaugeRow<PollerMetrics> kListGauges[] = {
    {"events_known", "Events that the lists hold now.", &PollerMetrics::known},
    {"looks_out_of_reach", "1: the budget cannot keep every event within its freshness limit.",
     &PollerMetrics::out_of_reach},
    {"looks_delayed", "Events whose look waits for the host's budget alone.",
     &PollerMetrics::delayed},
    {"looks_past_limit", "Events last seen longer ago than the freshness limit.",
     &PollerMetrics::past_limit},
    {"looks_needed_requests_per_second", "What would keep every event within its limit.",
     &PollerMetrics::needed_milli, 0.001},
    {"looks_allowed_requests_per_second", "What the host's budget leaves for looks.",
     &PollerMetrics::allowed_milli, 0.001},
};
constexpr CounterRow<FeedMetrics> kFeedCounters[] = {
    {"feed_messages_total", "Messages of the bookmaker's socket feed.", &FeedMetrics::messages},
    {"feed_updates_total", "Of them, about markets of interest.", &FeedMetrics::updates},
    {"feed_unreadable_total", "Of them, not to be read.", &FeedMetrics::unreadable},
    {"feed_connects_total", "Times that the feed became ready.", &FeedMetrics::connects},
    {"feed_gaps_total", "Times in which something may have been missed.", &FeedMetrics::gaps},
};
constexpr GaugeRow<FeedMetrics> kFeedGauges[] = {
    {"feed_ready", "1: what the feed pushes is heard now.", &FeedMetrics::ready},
};

template <class Metrics, std::size_t N>
void tell_counters(MetricFamilies& families, const MetricLabels& whose, const Metrics& metrics,
                   const CounterRow<Metrics> (&rows)[N]) {
  for (const auto& row : rows) {
    MetricLabels labels = whose;
    if (row.label) labels.emplace_back(row.label, row.value);
    families.counter(row.name, row.help, labels,
                     static_cast<double>((metrics.*row.counter).value()));
  }
}

template <class Metrics, std::size_t N>
void tell_gauges(MetricFamilies& families, const MetricLabels& whose, const Metrics& metrics,
                 const GaugeRow<Metrics> (&rows)[N]) {
  for (const auto& row : rows)
    families.gauge(row.name, row.help, whose,
                   row.unit * static_cast<double>((metrics.*row.gauge).value()));
}

void tell_failures(MetricFamilies& families, const std::string& bookmaker,
                   const ExtractMetrics& metrics) {
  for (std::size_t kind = 0; kind < kFailureKinds; ++kind) {
    std::string name = to_lower_ascii(to_string(static_cast<FailureKind>(kind)));
    std::replace(name.begin(), name.end(), ' ', '_');
    families.counter("fetch_failures_total", "Requests for markets that failed, by kind.",
                     {{"bookmaker", bookmaker}, {"kind", name}},
                     static_cast<double>(metrics.failures[kind].value()));
  }
}

void tell_host(MetricFamilies& families, const std::string& bookmaker,
               const HostBudget::State& state) {
  families.gauge("host_breaker_open", "1: the host failed too often and is left alone for a while.",
                 {{"bookmaker", bookmaker}}, state.breaker_open ? 1 : 0);
  families.counter("host_held_back_total",
                   "Times that a request had to wait for the host's budget.",
                   {{"bookmaker", bookmaker}}, static_cast<double>(state.held_back));
}

}  // namespace

void tell(MetricFamilies& families, const Serving& serving, UtcMillis now) {
  const std::string& bookmaker = serving.bookmaker.name;
  const MetricLabels whose{{"bookmaker", bookmaker}};
  tell_counters(families, whose, serving.extract, kExtractCounters);
  tell_failures(families, bookmaker, serving.extract);
  tell_gauges(families, whose, serving.extract, kExtractGauges);
  for (const Source source : {Source::Live, Source::Upcoming}) {
    const MetricLabels list{{"bookmaker", bookmaker}, {"source", std::string(to_string(source))}};
    tell_counters(families, list, serving.lists(source), kListCounters);
    tell_gauges(families, list, serving.lists(source), kListGauges);
  }
  tell_counters(families, whose, serving.feed, kFeedCounters);
  tell_gauges(families, whose, serving.feed, kFeedGauges);
  tell_host(families, bookmaker, serving.budget.state(now));
}

}  // namespace oddsloom
