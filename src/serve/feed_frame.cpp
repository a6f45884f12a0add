#include "serve/feed_frame.h"

#include <fmt/format.h>

#include "base/json_writer.h"

namespace oddsloom {

FeedFrame::FeedFrame(std::string_view event, std::string_view id, std::string_view data)
    : event_(event), id_(id), data_size_(data.size()) {
  std::string text;
  text.reserve(event.size() + id.size() + data.size() + 32);
  if (!id.empty()) text.append("id: ").append(id).append("\n");
  text.append("event: ").append(event).append("\ndata: ");
  data_at_ = text.size();
  text.append(data).append("\n\n");
  event_stream_ = std::make_shared<const std::string>(std::move(text));
}

const std::shared_ptr<const std::string>& FeedFrame::as(Transport transport) const {
  if (transport == Transport::EventStream) return event_stream_;
  if (!websocket_) {
    std::string text;
    JsonWriter json(text);
    json.begin_object().member("event", std::string_view(event_)).key("id");
    if (id_.empty())
      json.null();
    else
      json.value(std::string_view(id_));
    json.key("data").raw(std::string_view(*event_stream_).substr(data_at_, data_size_));
    json.end_object();
    websocket_ = std::make_shared<const std::string>(std::move(text));
  }
  return websocket_;
}

}  // namespace oddsloom
