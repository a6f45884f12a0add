#include "serve/serve_families.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace oddsloom {
namespace {

constexpr const char* kRejections[] = {
    "connections", "client_connections", "feed_clients", "client_rate", "key_rate",  "key",
    "quota",       "bad_request",        "too_large",    "timeout",     "handshake",
};
static_assert(std::size(kRejections) == static_cast<std::size_t>(Rejection::Count));

double number(const Counter& counter) { return static_cast<double>(counter.value()); }
double number(const Gauge& gauge) { return static_cast<double>(gauge.value()); }
double seconds(Millis span) { return static_cast<double>(span.count()) / 1000; }
double seconds(UtcMillis at) { return static_cast<double>(at.value) / 1000; }

void tell_latency(MetricFamilies& families, const LatencyHistogram& latency) {
  std::vector<double> bounds;
  for (const auto bound : LatencyHistogram::kBounds)
    bounds.push_back(static_cast<double>(bound) / 1e6);
  std::vector<std::uint64_t> buckets;
  for (const Counter& bucket : latency.buckets) buckets.push_back(bucket.value());
  families.histogram("http_request_duration_seconds",
                     "From a request read to the last byte of its answer handed on.", {}, bounds,
                     buckets, static_cast<double>(latency.sum_micros.value()) / 1e6);
}

}  // namespace

void tell(MetricFamilies& families, const ServeMetrics& metrics) {
  for (std::size_t digit = 1; digit < metrics.responses.size(); ++digit)
    families.counter("http_responses_total", "Answers to clients, by class of status.",
                     {{"code", std::to_string(digit) + "xx"}}, number(metrics.responses[digit]));
  for (std::size_t why = 0; why < metrics.rejected.size(); ++why)
    families.counter("http_rejected_total", "What was not answered as asked, and why.",
                     {{"reason", kRejections[why]}}, number(metrics.rejected[why]));
  tell_latency(families, metrics.latency);
  families.counter("http_connections_total", "Connections accepted.", {},
                   number(metrics.connections));
  families.gauge("http_open_connections", "Connections of now.", {},
                 number(metrics.open_connections));
  families.counter("http_sent_bytes_total", "Bytes sent, without what TLS adds.", {},
                   number(metrics.bytes_sent));
  families.counter("http_slow_clients_total",
                   "Connections ended because their client did not read.", {},
                   number(metrics.dropped_slow));
  families.gauge("subscribers", "Clients of the feed.", {{"transport", "event_stream"}},
                 number(metrics.event_streams));
  families.gauge("subscribers", "Clients of the feed.", {{"transport", "websocket"}},
                 number(metrics.websockets));
  families.counter("subscriber_frames_total", "Frames sent to clients of the feed.", {},
                   number(metrics.frames));
  constexpr const char* kReloads = "Certificates read again because their files changed.";
  families.counter("tls_reloads_total", kReloads, {{"outcome", "done"}},
                   number(metrics.tls_reloads));
  families.counter("tls_reloads_total", kReloads, {{"outcome", "failed"}},
                   number(metrics.tls_reload_failures));
}

void tell(MetricFamilies& families, const FeedServiceMetrics& metrics) {
  constexpr const char* kStarts = "How clients of the feed began.";
  const std::pair<const char*, const Counter&> starts[] = {
      {"snapshot", metrics.snapshots},
      {"resumed_from_memory", metrics.resumed_from_memory},
      {"resumed_from_log", metrics.resumed_from_log},
      {"reset", metrics.resets}};
  for (const auto& [how, count] : starts)
    families.counter("subscriber_starts_total", kStarts, {{"how", how}}, number(count));
  families.counter("subscriber_changes_total", "Changes told to clients of the feed.", {},
                   number(metrics.changes));
  families.counter("subscribers_conflated_total",
                   "Times that a slow client began to be told newest states only.", {},
                   number(metrics.conflated));
  families.counter("subscribers_let_go_total", "Clients of the feed that were too slow.", {},
                   number(metrics.let_go));
  families.gauge("subscriber_furthest_behind_frames",
                 "Frames that the slowest client of the feed has yet to take.", {},
                 number(metrics.furthest_behind));
}

void tell(MetricFamilies& families, const std::vector<SourceHealth>& health) {
  for (const SourceHealth& one : health) {
    const MetricLabels labels{{"bookmaker", one.bookmaker},
                              {"source", std::string(to_string(one.source))}};
    families.gauge("matches", "Matches that a bookmaker lists.", labels,
                   static_cast<double>(one.matches));
    const std::pair<const char*, std::size_t> states[] = {
        {"usable", one.usable}, {"suspended", one.suspended}, {"stale", one.stale}};
    for (const auto& [state, count] : states) {
      MetricLabels with_state = labels;
      with_state.emplace_back("state", state);
      families.gauge("markets",
                     "Markets offered: with a price to bet at, with none, or seen too long ago.",
                     with_state, static_cast<double>(count));
    }
    families.gauge("freshness_limit_seconds", "A price seen longer ago is not told as one.", labels,
                   seconds(one.limit));
    families.summary("price_age_seconds", "How long ago offered markets were seen.", labels,
                     {{0.5, seconds(one.age(0.5))},
                      {0.95, seconds(one.age(0.95))},
                      {0.99, seconds(one.age(0.99))}},
                     one.ages.size(), seconds(one.total_age()));
    if (one.newest)
      families.gauge("last_observed_timestamp_seconds", "When a market was last seen.", labels,
                     seconds(*one.newest));
  }
}

void tell(MetricFamilies& families, const std::vector<StreamStatistics>& streams) {
  struct Sum {
    std::uint64_t length = 0, pending = 0, delayed = 0, dead = 0;
    std::optional<UtcMillis> oldest;
  };
  std::map<std::tuple<std::string, std::string, Source>, Sum> sums;
  for (const StreamStatistics& one : streams) {
    Sum& sum = sums[{one.stream.bookmaker, one.stream.bet_type, one.stream.source}];
    sum.length += one.length;
    sum.pending += one.pending;
    sum.delayed += one.delayed;
    sum.dead += one.dead;
    if (one.oldest && (!sum.oldest || *one.oldest < *sum.oldest)) sum.oldest = one.oldest;
  }
  for (const auto& [stream, sum] : sums) {
    const auto& [bookmaker, bet_type, source] = stream;
    const MetricLabels labels{{"bookmaker", bookmaker},
                              {"bet_type", bet_type},
                              {"source", std::string(to_string(source))}};
    families.gauge("stream_entries", "Entries of a work stream that are not acknowledged yet.",
                   labels, static_cast<double>(sum.length));
    families.gauge("stream_pending_entries", "Of them, those that a worker has claimed.", labels,
                   static_cast<double>(sum.pending));
    families.gauge("stream_delayed_entries", "Of them, those that wait for a later attempt.",
                   labels, static_cast<double>(sum.delayed));
    families.gauge("stream_dead_entries", "Dead letters.", labels, static_cast<double>(sum.dead));
    if (sum.oldest)
      families.gauge("stream_oldest_timestamp_seconds",
                     "When the oldest entry that is not acknowledged was appended.", labels,
                     seconds(*sum.oldest));
  }
}

}  // namespace oddsloom
