#include "sim/simulator.h"

#include <fmt/format.h>

#include <cctype>
#include <mutex>
#include <numeric>
#include <optional>

#include "base/json_writer.h"
#include "sim/bookiedelta.h"
#include "sim/bookieomega.h"
#include "sim/bookiesigma.h"
#include "sim/http_server.h"
#include "sim/socket_feed.h"
#include "sim/truth.h"

namespace oddsloom::sim {
namespace {

constexpr std::string_view kFeedPath = "/socket.io/";

// "/api/live/events/123/details" -> "/api/live/events/#/details", so that statistics stay small.
std::string path_kind(std::string_view path) {
  constexpr std::size_t kLongest = 80;
  std::string kind;
  for (const char c : path.substr(0, kLongest)) {
    const bool digit = std::isdigit(static_cast<unsigned char>(c)) != 0;
    if (!digit)
      kind.push_back(c);
    else if (kind.empty() || kind.back() != '#')
      kind.push_back('#');
  }
  return kind;
}

std::string stats_json(const Stats& stats) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("requests").begin_object();
  for (const auto& [path, count] : stats.requests) json.member(path, count);
  json.end_object().member("events_served", stats.events_served);
  json.member("feed_messages", stats.feed_messages).member("feed_clients", stats.feed_clients);
  json.key("faults").begin_object();
  for (const auto& [fault, count] : stats.faults) json.member(fault, count);
  json.end_object().end_object();
  return out;
}

}  // namespace

std::uint64_t Stats::total_requests() const {
  return std::accumulate(requests.begin(), requests.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const auto& entry) { return sum + entry.second; });
}

struct Simulator::Impl final : public SocketSpeaker {
  explicit Impl(const SimulatorConfig& config)
      : world(config.world),
        feed(world),
        delta(world, {config.max_ids, config.max_live_ids, config.old_live_generation}),
        sigma(world),
        omega(world),
        clock(config.clock),
        dealer(config.faults) {}

  UtcMillis now() const {
    const std::lock_guard lock(mutex);
    return frozen_at ? *frozen_at : clock();
  }

  // ---- the feed

  bool takes(const Request& request) override {
    if (parse_target(request.target).path != kFeedPath) return false;
    const std::lock_guard lock(mutex);
    ++stats.requests[std::string(kFeedPath)];
    refused = dealer.refuses_handshake();
    if (refused) ++stats.faults[std::string(to_string(FeedFault::Refuse))];
    return !refused;
  }
  void opened(std::uint64_t id) override { feed.opened(id, clock()); }
  void heard(std::uint64_t id, const std::string& text) override { feed.heard(id, text, clock()); }
  void closed(std::uint64_t id) override { feed.closed(id); }
  std::vector<SocketOut> turn() override {
    FaultPlan plan;
    {
      const std::lock_guard lock(mutex);
      plan = dealer.plan();
    }
    auto out = feed.turn(clock(), now(), plan);
    const std::lock_guard lock(mutex);
    stats.feed_messages = feed.messages();
    stats.feed_clients = feed.clients();
    for (std::size_t i = 0; i < kFeedFaults; ++i)
      if (feed.dealt().at(i) > 0)
        stats.faults[std::string(to_string(static_cast<FeedFault>(i)))] = feed.dealt().at(i);
    return out;
  }

  // ---- everything that is asked for

  Response handle(const Request& request) {
    const Target target = parse_target(request.target);
    if (target.path == kFeedPath)
      return refused ? FaultDealer::challenge()
                     : json_response(400, R"({"code":3,"message":"Bad request"})");
    if (target.path.starts_with("/sim/")) return control(request, target);
    std::optional<FaultDealer::Dealt> dealt;
    UtcMillis at;
    {
      const std::lock_guard lock(mutex);
      at = frozen_at ? *frozen_at : clock();
      dealt = dealer.next(target);
      constexpr std::size_t kMostPaths = 64;  // whatever strange paths a client asks for
      const std::string kind = path_kind(target.path);
      if (stats.requests.size() < kMostPaths || stats.requests.contains(kind))
        ++stats.requests[kind];
      if (dealt) ++stats.faults[std::string(to_string(dealt->fault))];
    }
    const bool drop = dealt && dealt->fault == Fault::Drop && dealt->event_id;
    Response response = request.method == "GET"
                            ? answer(drop ? without_event(target, *dealt->event_id) : target, at)
                            : json_response(405, R"({"error":"Method Not Allowed"})");
    const std::lock_guard lock(mutex);
    if (dealt) response = dealer.spoil(*dealt, std::move(response), target);
    stats.events_served += response.events;
    return response;
  }

  // By the house whose prefix the path begins with.
  Response answer(Target target, UtcMillis at) {
    for (const House house : kHouses) {
      const std::string prefix = path_prefix(house) + "/";
      if (prefix == "/" || !target.path.starts_with(prefix)) continue;
      target.path.erase(0, prefix.size() - 1);
      return house == House::BookieSigma ? sigma.answer(target, at) : omega.answer(target, at);
    }
    return delta.answer(target, at);
  }

  Response control(const Request& request, const Target& target) {
    const bool post = request.method == "POST";
    if (target.path == "/sim/truth") {
      const auto house = house_named(target.parameter("bookmaker").value_or("BookieDelta"));
      return house ? json_response(200, truth(*house)) : not_found();
    }
    if (target.path == "/sim/loop") {
      Response response = json_response(302, "");
      response.headers.emplace_back("location", request.target);
      return response;
    }
    if (target.path == "/sim/stats") {
      const std::lock_guard lock(mutex);
      return json_response(200, stats_json(stats));
    }
    if (!post) return not_found();
    if (target.path == "/sim/freeze" || target.path == "/sim/thaw") {
      target.path == "/sim/freeze" ? freeze() : thaw();
      return json_response(200, fmt::format(R"({{"now":"{}"}})", to_iso8601(now())));
    }
    if (target.path == "/sim/faults") {
      const auto plan = parse_faults(request.body);
      if (!plan) {
        Response response = json_response(400, "");
        JsonWriter(response.body).begin_object().member("error", plan.error().text()).end_object();
        return response;
      }
      set_faults(*plan);
      Response response;
      JsonWriter(response.body).begin_object().member("faults", to_text(*plan)).end_object();
      return response;
    }
    return not_found();
  }

  void freeze() {
    const std::lock_guard lock(mutex);
    if (!frozen_at) frozen_at = clock();
  }

  void thaw() {
    const std::lock_guard lock(mutex);
    frozen_at.reset();
  }

  void set_faults(FaultPlan plan) {
    const std::lock_guard lock(mutex);
    dealer = FaultDealer(std::move(plan));
  }

  std::string truth(House house) const {
    bool frozen = false;
    UtcMillis at;
    {
      const std::lock_guard lock(mutex);
      frozen = frozen_at.has_value();
      at = frozen ? *frozen_at : clock();
    }
    return sim::truth_json(world, at, frozen, house);
  }

  const World world;
  SocketFeed feed;       // the server's thread only
  bool refused = false;  // likewise: the handshake under way
  BookieDelta delta;     // likewise
  const BookieSigma sigma;
  const BookieOmega omega;
  const Clock clock;

  mutable std::mutex mutex;  // guards what follows, but not the server
  std::optional<UtcMillis> frozen_at;
  FaultDealer dealer;
  Stats stats;

  std::unique_ptr<HttpServer> server;  // last: its thread uses all of the above
};

Simulator::Simulator(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Simulator::~Simulator() = default;

Result<std::unique_ptr<Simulator>> Simulator::start(SimulatorConfig config) {
  constexpr std::int64_t kWeek = std::int64_t{7} * 24 * 3600 * 1000;
  if (config.world.epoch.value == 0) config.world.epoch = {config.clock().value / kWeek * kWeek};
  auto impl = std::make_unique<Impl>(config);
  auto server = HttpServer::start(
      {.port = config.port,
       .gzip = config.gzip,
       .latency = config.latency,
       .jitter = config.jitter,
       .seed = config.world.seed},
      [at = impl.get()](const Request& r) { return at->handle(r); }, impl.get());
  if (!server) return fail_in("simulator", server.error());
  impl->server = std::move(*server);
  return std::unique_ptr<Simulator>(new Simulator(std::move(impl)));
}

std::uint16_t Simulator::port() const { return impl_->server->port(); }
std::string Simulator::base_url(House house) const {
  return fmt::format("http://127.0.0.1:{}{}", port(), path_prefix(house));
}
void Simulator::freeze() { impl_->freeze(); }
void Simulator::thaw() { impl_->thaw(); }
void Simulator::set_faults(FaultPlan faults) { impl_->set_faults(std::move(faults)); }
std::string Simulator::truth_json(House house) const { return impl_->truth(house); }
UtcMillis Simulator::now() const { return impl_->now(); }

Stats Simulator::stats() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->stats;
}

}  // namespace oddsloom::sim
