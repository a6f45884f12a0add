#include "serve/metric_families.h"

#include <prometheus/text_serializer.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>

namespace oddsloom {
namespace {

using prometheus::MetricType;

// Fields of /proc/self/stat by their number in proc(5), counted after the name in parentheses,
// which may hold anything.
std::vector<std::string> process_fields() {
  std::ifstream file("/proc/self/stat");
  std::string text((std::istreambuf_iterator<char>(file)), {});
  std::istringstream rest(text.substr(std::min(text.size(), text.rfind(')') + 1)));
  std::vector<std::string> out{"", "", ""};  // pid and name; fields count from 1
  for (std::string word; rest >> word;) out.push_back(word);
  return out;
}

double boot_time() {
  std::ifstream file("/proc/stat");
  for (std::string word; file >> word;)
    if (double seconds = 0; word == "btime" && file >> seconds) return seconds;
  return 0;
}

double open_files() {
  std::error_code error;
  const std::filesystem::directory_iterator files("/proc/self/fd", error);
  // But for the one that was opened to count them.
  return error ? 0 : static_cast<double>(std::distance(begin(files), end(files))) - 1;
}

}  // namespace

prometheus::ClientMetric& MetricFamilies::sample(std::string name, std::string_view help,
                                                 MetricType type, const MetricLabels& labels) {
  const auto [place, is_new] = at_.try_emplace(name, families_.size());
  if (is_new) families_.push_back({std::move(name), std::string(help), type, {}});
  auto& added = families_[place->second].metric.emplace_back();
  for (const auto& [label, value] : labels) added.label.push_back({label, value});
  return added;
}

void MetricFamilies::counter(std::string_view name, std::string_view help,
                             const MetricLabels& labels, double value) {
  sample("oddsloom_" + std::string(name), help, MetricType::Counter, labels).counter.value = value;
}

void MetricFamilies::gauge(std::string_view name, std::string_view help, const MetricLabels& labels,
                           double value) {
  sample("oddsloom_" + std::string(name), help, MetricType::Gauge, labels).gauge.value = value;
}

void MetricFamilies::histogram(std::string_view name, std::string_view help,
                               const MetricLabels& labels, std::span<const double> bounds,
                               std::span<const std::uint64_t> buckets, double sum) {
  auto& to = sample("oddsloom_" + std::string(name), help, MetricType::Histogram, labels).histogram;
  for (std::size_t i = 0; i < buckets.size(); ++i) {
    to.sample_count += buckets[i];
    to.bucket.push_back(
        {to.sample_count, i < bounds.size() ? bounds[i] : std::numeric_limits<double>::infinity()});
  }
  to.sample_sum = sum;
}

void MetricFamilies::summary(std::string_view name, std::string_view help,
                             const MetricLabels& labels, const std::vector<Quantile>& quantiles,
                             std::uint64_t count, double sum) {
  auto& to = sample("oddsloom_" + std::string(name), help, MetricType::Summary, labels).summary;
  to.sample_count = count;
  to.sample_sum = sum;
  for (const Quantile& q : quantiles) to.quantile.push_back({q.quantile, q.value});
}

void MetricFamilies::process() {
  const auto fields = process_fields();
  if (fields.size() <= 24) return;
  const auto number = [&](std::size_t field) { return std::stod(fields[field]); };
  const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  const auto page = static_cast<double>(sysconf(_SC_PAGESIZE));
  sample("process_cpu_seconds_total", "User and system time.", MetricType::Counter, {})
      .counter.value = (number(14) + number(15)) / ticks;
  sample("process_start_time_seconds", "When the process began, since 1970.", MetricType::Gauge, {})
      .gauge.value = boot_time() + number(22) / ticks;
  sample("process_resident_memory_bytes", "Memory in use.", MetricType::Gauge, {}).gauge.value =
      number(24) * page;
  sample("process_open_fds", "Open files and connections.", MetricType::Gauge, {}).gauge.value =
      open_files();
}

std::string MetricFamilies::text() const {
  return prometheus::TextSerializer().Serialize(families_);
}

}  // namespace oddsloom
