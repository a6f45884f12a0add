// What an exporter tells, put together anew at every scrape from counters that other threads add
// to: families of samples, in the order in which they were first spoken of. A thin layer over
// prometheus-cpp's values, whose serializer writes the text format. One thread.
#pragma once

#include <prometheus/metric_family.h>

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace oddsloom {

using MetricLabels = std::vector<std::pair<std::string, std::string>>;

class MetricFamilies {
 public:
  // Names without "oddsloom_", which is put before them; base units in the name, counters end in
  // "_total". A name always comes with the same help.
  void counter(std::string_view name, std::string_view help, const MetricLabels& labels,
               double value);
  void gauge(std::string_view name, std::string_view help, const MetricLabels& labels,
             double value);
  // `buckets`: how many fell into each, not summed up; one more than `bounds`.
  void histogram(std::string_view name, std::string_view help, const MetricLabels& labels,
                 std::span<const double> bounds, std::span<const std::uint64_t> buckets,
                 double sum);
  struct Quantile {
    double quantile, value;
  };
  void summary(std::string_view name, std::string_view help, const MetricLabels& labels,
               const std::vector<Quantile>& quantiles, std::uint64_t count, double sum);
  // Of the process itself, by the names that everybody knows them by.
  void process();

  const std::vector<prometheus::MetricFamily>& all() const { return families_; }
  std::string text() const;

 private:
  prometheus::ClientMetric& sample(std::string name, std::string_view help,
                                   prometheus::MetricType type, const MetricLabels& labels);

  std::vector<prometheus::MetricFamily> families_;
  std::unordered_map<std::string, std::size_t> at_;
};

// Something that has samples to tell. Called on the I/O thread at each scrape; must not wait.
using MetricSource = std::function<void(MetricFamilies&)>;

}  // namespace oddsloom
