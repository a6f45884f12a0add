#include "app/web.h"

#include <sys/resource.h>

#include "app/board_follower.h"
#include "app/catalog_of.h"
#include "app/serve_settings.h"
#include "app/store_reads.h"
#include "app/version.h"
#include "base/log.h"
#include "serve/board_health.h"
#include "serve/dashboard.h"
#include "serve/feed.h"
#include "serve/http_error.h"
#include "serve/http_server.h"
#include "serve/key_gate.h"
#include "serve/odds_api.h"
#include "serve/readiness.h"
#include "serve/serve_families.h"

namespace oddsloom {
namespace {

// Every connection takes a descriptor, and shells give 1024.
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

std::unique_ptr<KeyGate> open_keys(const Start& start) {
  const Settings& settings = start.settings();
  if (settings.text("serve", "keys") == "off") return nullptr;
  const std::string file = keys_file(settings, start.environment);
  auto gate =
      or_stop(KeyGate::open(file, static_cast<double>(settings.integer("serve", "key_rate"))));
  if (gate->size() == 0)
    log::warn("no_keys", {log::kv("file", file), log::kv("help", "oddsloom key add NAME")});
  return gate;
}

// The page itself is open where keys are wanted: it asks for one.
HttpServerConfig with_open_page(HttpServerConfig config) {
  config.is_open = [open = std::move(config.is_open)](const std::string& path) {
    return open(path) || Dashboard::is_open(path);
  };
  return config;
}

// Of the page, asked for after the changes were read: see FeedLogPage.
Result<FeedLogPage> read_log_page(Reader& reader, std::uint64_t after, std::size_t most) {
  auto changes = reader.changes(after, most);
  if (!changes) return tl::unexpected(changes.error());
  const auto log = reader.change_log();
  if (!log) return tl::unexpected(log.error());
  return FeedLogPage{*std::move(changes), log->begin};
}

}  // namespace

// Used on the I/O thread but for what the follower and the makers of threads use.
struct Web::Parts {
  Parts(const Start& start, const BetTypes& bet_types, Store& store,
        const std::vector<Bookmaker>& bookmakers, bool may_move)
      : catalog(catalog_of(bet_types, bookmakers)), keys(open_keys(start)) {
    raise_descriptor_limit();
    auto config = with_open_page(http_server_settings(start.settings()));
    config.run_later = [this](auto job, auto done) {
      return reads->add([job = std::move(job), done = std::move(done)](Reader&) {
        return [done, response = job()] { done(response); };
      });
    };
    server = listen(std::move(config), may_move && !start.settings().is_given("serve", "listen"));
    make_reads(store);
    make_answers(store, odds_api_settings(start.settings()));
    follower.keeper =
        std::make_unique<BoardKeeper>(catalog, or_stop(store.reader()), or_stop(store.link_book()));
    follower.streams = or_stop(store.work_streams());
    follower.post = [this](std::function<void()> job) { server->post(std::move(job)); };
    follower.take = [this](const BoardNews& news) { take(news); };
  }

  std::unique_ptr<HttpServer> listen(HttpServerConfig config, bool may_move) {
    const auto begin = [this](const HttpServerConfig& tried) {
      return HttpServer::start(
          tried,
          [this](const WebRequest& request, Transport transport, std::function<void()> wake) {
            return answer(request, transport, std::move(wake));
          },
          server_metrics, keys.get());
    };
    auto made = begin(config);
    if (!made && made.error().kind == ErrorKind::Unavailable && may_move) {
      config.listen = {"127.0.0.1:0"};
      made = begin(config);
    }
    return or_stop(std::move(made));
  }

  void make_reads(Store& store) {
    reads = std::make_unique<StoreReads>(
        or_stop(store.reader()),
        [this](std::function<void()> said) { server->post(std::move(said)); });
  }

  void make_answers(Store& store, OddsApiConfig config) {
    past = or_stop(store.reader());
    links = or_stop(store.link_book());
    api = std::make_unique<OddsApi>(catalog,
                                    std::make_shared<OddsHistory>(
                                        catalog, [this](UtcMillis at) { return past->as_of(at); },
                                        [this] { return read_links(); }),
                                    config);
    FeedConfig feed_config;
    feed_config.epoch = or_stop(past->identity());
    feed = std::make_unique<FeedService>(
        feed_config, catalog,
        [this](std::uint64_t after, std::size_t most, auto done) {
          const bool taken = reads->add([=](Reader& reader) -> StoreReads::Outcome {
            return [done, page = read_log_page(reader, after, most)] { done(page); };
          });
          if (!taken) done(fail(ErrorKind::Busy, "change log", "too many ask at the moment"));
        },
        feed_metrics);
    server->every(FeedService::kTick, [this] { feed->tick(now_utc()); });
    dashboard = std::make_unique<Dashboard>(catalog, dashboard_sources());
  }

  Result<std::vector<Link>> read_links() {
    auto page = links->read(0);
    if (!page) return tl::unexpected(page.error());
    return std::move(page->links);
  }

  DashboardSources dashboard_sources() {
    DashboardSources out;
    out.board = [this] { return board; };
    out.streams = [this] { return streams; };
    out.trouble = [this] { return trouble; };
    out.activity = [this](UtcMillis now) -> std::optional<std::vector<BookmakerActivity>> {
      if (activities.empty()) return std::nullopt;
      std::vector<BookmakerActivity> told;
      for (const auto& activity : activities) told.push_back(activity(now));
      return told;
    };
    out.read_history = history_reads(*reads);
    return out;
  }

  HttpAnswer answer(const WebRequest& request, Transport transport, std::function<void()> wake) {
    if (OddsApi::serves(request.path)) return api->answer(request);
    if (request.path == "/feed") return feed->answer(request, transport, std::move(wake));
    if (Dashboard::is_mine(request.path))
      return dashboard->answer(request, transport, std::move(wake));
    HttpAnswer out;
    if (request.path == "/healthz")
      out.response = readiness.healthz();
    else if (request.path == "/readyz")
      out.response = readiness.readyz(request.now);
    else if (request.path == "/metrics")
      out.response = metrics_page(request.now);
    else if (request.path == "/errors")
      out.response = errors_page();
    else
      out.response = error_response(404, "NOT_FOUND", "There is nothing at this path");
    return out;
  }

  void take(const BoardNews& news) {
    const UtcMillis now = now_utc();
    trouble = news.turn.trouble;
    readiness.heard(news.complete, news.turn.trouble, now);
    if (news.streams) streams = *news.streams;
    if (!news.complete || !news.turn.board) return;
    board = news.turn.board;
    api->publish(board);
    feed->publish(board, news.turn.changes, now);
  }

  WebResponse metrics_page(UtcMillis now) const {
    MetricFamilies families;
    families.gauge("build_info", "1; the labels tell which program this is.",
                   {{"version", std::string(kVersion)}}, 1);
    for (const MetricSource& source : sources) source(families);
    if (board) tell(families, board_health(*board, catalog, now));
    tell(families, streams);
    tell(families, server_metrics);
    tell(families, feed_metrics);
    families.process();
    WebResponse out;
    out.content_type = "text/plain; version=0.0.4; charset=utf-8";
    out.body = std::make_shared<const std::string>(families.text());
    return out;
  }

  const Catalog catalog;
  std::vector<MetricSource> sources;
  std::vector<std::function<BookmakerActivity(UtcMillis)>> activities;
  ServeMetrics server_metrics;
  FeedServiceMetrics feed_metrics;
  Readiness readiness;
  std::shared_ptr<const Board> board;  // nullptr: the store was not read yet
  std::vector<StreamStatistics> streams;
  std::string trouble;              // why the store cannot be read now; "" = it can
  std::unique_ptr<Reader> past;     // of the thread that reads
  std::unique_ptr<LinkBook> links;  // likewise
  std::unique_ptr<KeyGate> keys;    // nullptr: none are wanted
  std::unique_ptr<HttpServer> server;
  std::unique_ptr<StoreReads> reads;
  std::unique_ptr<OddsApi> api;
  std::unique_ptr<FeedService> feed;
  std::unique_ptr<Dashboard> dashboard;
  BoardFollower follower;
};

Web::Web(const Start& start, const BetTypes& bet_types, Store& store,
         const std::vector<Bookmaker>& bookmakers, WhereTaken where_taken)
    : parts_(std::make_unique<Parts>(start, bet_types, store, bookmakers,
                                     where_taken == WhereTaken::TakeAnother)) {}
Web::~Web() = default;

void Web::add_metrics(MetricSource source) { parts_->sources.push_back(std::move(source)); }

void Web::add_activity(std::function<BookmakerActivity(UtcMillis now)> activity) {
  parts_->activities.push_back(std::move(activity));
}

std::vector<std::string> Web::urls() const { return parts_->server->urls(); }

void Web::add_to(Crew& crew) {
  crew.add("http", [&parts = *parts_](std::stop_token stop) { return parts.server->run(stop); });
  crew.add("board",
           [&parts = *parts_](std::stop_token stop) { return follow_store(parts.follower, stop); });
  crew.add("reads", [&parts = *parts_](std::stop_token stop) { return parts.reads->run(stop); });
}

}  // namespace oddsloom
