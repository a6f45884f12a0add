#include "store/redis_reply.h"

#include "base/text.h"

namespace oddsloom {

// Never without an address, not even when it is empty: parsers copy from it.
std::string_view ReplyView::text() const {
  if (!node_) return "";
  switch (node_->type) {
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS:
    case REDIS_REPLY_ERROR:
      return {node_->str, static_cast<std::size_t>(node_->len)};
    default:
      return "";
  }
}

std::optional<std::int64_t> ReplyView::integer() const {
  if (node_ && node_->type == REDIS_REPLY_INTEGER) return node_->integer;
  return parse_int(text());
}

ReplyView ReplyView::operator[](std::size_t i) const {
  return i < size() ? ReplyView(node_->element[i]) : ReplyView();
}

ReplyView ReplyView::member(std::string_view name) const {
  for (std::size_t i = 0; i + 1 < size(); i += 2)
    if ((*this)[i].text() == name) return (*this)[i + 1];
  return {};
}

}  // namespace oddsloom
