#include "base/log.h"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "base/json_writer.h"

namespace oddsloom::log {
namespace {

std::atomic<bool> json_lines{false};

spdlog::level::level_enum spd(Level level) {
  switch (level) {
    case Level::Debug:
      return spdlog::level::debug;
    case Level::Info:
      return spdlog::level::info;
    case Level::Warn:
      return spdlog::level::warn;
    case Level::Error:
      return spdlog::level::err;
    case Level::Off:
      return spdlog::level::off;
  }
  return spdlog::level::info;
}

// Control characters are quoted, too: they would move the cursor of a terminal.
bool is_plain(std::string_view value) {
  return !value.empty() && std::none_of(value.begin(), value.end(), [](char c) {
    return (c >= 0 && c <= ' ') || c == '"' || c == '=' || c == '\\';
  });
}

}  // namespace

Result<void> setup(Level level, Format format, const std::string& file) {
  try {
    spdlog::sink_ptr sink;
    if (file.empty())
      sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    else
      sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(file);
    auto logger = std::make_shared<spdlog::logger>("oddsloom", std::move(sink));
    json_lines = format == Format::Json;
    logger->set_pattern(format == Format::Json
                            ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})"
                            : "%Y-%m-%dT%H:%M:%S.%eZ %-5l %v",
                        spdlog::pattern_time_type::utc);
    logger->set_level(spd(level));
    logger->flush_on(spdlog::level::info);
    spdlog::set_default_logger(std::move(logger));
  } catch (const spdlog::spdlog_ex& error) {
    return fail(ErrorKind::Invalid, "log file", error.what());
  }
  return {};
}

void write(Level level, std::string_view happening, std::initializer_list<Field> fields) {
  spdlog::logger* logger = spdlog::default_logger_raw();
  if (!logger || !logger->should_log(spd(level))) return;
  std::string line;
  if (json_lines) {
    line = "\"event\":";
    append_json_string(line, happening);
    for (const Field& field : fields) {
      line.push_back(',');
      append_json_string(line, field.key);
      line.push_back(':');
      append_json_string(line, field.value);
    }
  } else {
    line = happening;
    for (const Field& field : fields) {
      line.push_back(' ');
      line.append(field.key).push_back('=');
      if (is_plain(field.value))
        line.append(field.value);
      else
        append_json_string(line, field.value);
    }
  }
  logger->log(spd(level), line);
}

std::optional<std::uint64_t> Sampler::pass(UtcMillis now) {
  held_.fetch_add(1, std::memory_order_relaxed);
  std::int64_t next = next_.load(std::memory_order_relaxed);
  if (now.value < next || !next_.compare_exchange_strong(next, (now + interval_).value))
    return std::nullopt;
  return held_.exchange(0);
}

}  // namespace oddsloom::log
