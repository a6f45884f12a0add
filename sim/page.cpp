#include "sim/page.h"

#include <string_view>

namespace oddsloom::sim {
namespace {

// Each round of markets waits for the one before it, so that a slow site is not asked faster than
// it answers.
constexpr std::string_view kPage = R"page(<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>BookieDelta</title></head>
<body><h1>BookieDelta</h1><table id="odds"></table><script>
"use strict";
const live = location.pathname === "/live";
const every = Number(new URLSearchParams(location.search).get("every")) || 500;
const sports = live
  ? [{id: 1, markets: "194#0#0,147#0#0,138#0#0"}, {id: 5, markets: "186#0#0"},
     {id: 8, markets: "192#0#0,131#0#0"}]
  : [{id: 1, markets: "10,46,43"}, {id: 126, markets: "381,46"}, {id: 6, markets: "10"},
     {id: 12, markets: "10,46"}, {id: 4, markets: "10"}];
const feed = new URLSearchParams(location.search).get("feed") !== "off";
const ids = new Map(sports.map(sport => [sport.id, []]));
const headers = {"Accept": "application/json, text/plain, */*"};
const pause = span => new Promise(done => setTimeout(done, span));

async function ask(path) {
  const answer = await fetch(path, {headers, cache: "no-store"});
  if (!answer.ok) throw new Error(path + ": " + answer.status);
  return answer.json();
}
async function list(sport) {
  const seen = [];
  for (let first = 0; first < 1000; first += 50) {
    const answer = await ask(live
      ? `/api/live/sports/${sport.id}/events?limit=50&offset=${first}`
      : `/api/upcoming/games?type=prematch&sportId=${sport.id}&section=upcoming` +
        `&markets_layout=single&o=startTime&pag_count=50&pag_min=${first + 1}`);
    const events = live ? answer.events.filter(event => event.status !== "NotStarted") : answer;
    seen.push(...events.map(event => event.id));
    if (events.length < 50) break;
  }
  ids.set(sport.id, seen);
}
async function markets(sport) {
  const most = live ? 15 : 50, all = ids.get(sport.id);
  for (let first = 0; first < all.length; first += most) {
    const some = all.slice(first, first + most).join(",");
    const answer = await ask(live
      ? `/api/live/event/markets?eventId=${some}&type=${encodeURIComponent(sport.markets)}` +
        `&sportId=${sport.id}`
      : `/api/games/markets?games=${some}&markets=${sport.markets}`);
    document.getElementById("odds").textContent = JSON.stringify(answer).slice(0, 2000);
  }
}
async function keep(what, span) {
  for (;;) {
    for (const sport of sports) await what(sport).catch(error => console.warn(String(error)));
    await pause(span);
  }
}
// Socket.IO 2 over Engine.IO 3, by hand.
function follow() {
  const socket = new WebSocket(location.origin.replace("http", "ws") +
                               "/socket.io/?EIO=3&transport=websocket");
  let beat = 0;
  socket.onmessage = ({data}) => {
    if (data !== "40") return;
    for (const sport of sports) socket.send(`42["subscribe","sport-${sport.id}"]`);
    beat = setInterval(() => socket.send("2"), 20000);
  };
  socket.onclose = () => { clearInterval(beat); setTimeout(follow, 1000); };
}
keep(list, 2000);
keep(markets, every);
if (live && feed) follow();
</script></body></html>
)page";

}  // namespace

std::optional<Response> page(const Target& target) {
  if (target.path != "/" && target.path != "/live") return std::nullopt;
  Response response;
  response.content_type = "text/html; charset=utf-8";
  response.body = kPage;
  return response;
}

}  // namespace oddsloom::sim
