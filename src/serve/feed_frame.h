// One thing that feed clients are told, as it goes out: rendered once, shared among all who are to
// get it. The websocket's form is made when the first one asks for it. I/O thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "serve/http.h"

namespace oddsloom {

class FeedFrame {
 public:
  // `id`: "" = the client stays where it was. `data`: one JSON value, without line ends.
  FeedFrame(std::string_view event, std::string_view id, std::string_view data);

  const std::shared_ptr<const std::string>& as(Transport transport) const;
  std::size_t size() const { return event_stream_->size(); }

 private:
  std::string event_, id_;
  std::shared_ptr<const std::string> event_stream_;
  std::size_t data_at_ = 0, data_size_ = 0;
  mutable std::shared_ptr<const std::string> websocket_;
};

using SharedFrame = std::shared_ptr<const FeedFrame>;

inline SharedFrame make_frame(std::string_view event, std::string_view id, std::string_view data) {
  return std::make_shared<const FeedFrame>(event, id, data);
}

}  // namespace oddsloom
