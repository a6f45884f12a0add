#include "store/redis_reply.h"

#include <algorithm>
#include <memory_resource>
#include <new>

#include "base/text.h"

namespace oddsloom {
namespace {

constexpr int kLongestList = 1 << 24;     // far above what anything here asks for
constexpr std::size_t kFirstBlock = 256;  // enough for most answers; each further one is larger
constexpr std::size_t kKeptBuffer = 1U << 20U;  // of the parser; a larger one is given back

}  // namespace

struct ReplyTree {
  std::pmr::monotonic_buffer_resource memory{kFirstBlock};
  ReplyNode root;
};

namespace {

// What hiredis' parser calls for each node, parents first. It is C: nothing may be thrown through
// it, null says that there is no memory.
ReplyTree& tree_of(const redisReadTask* task) {
  auto& tree = *static_cast<std::unique_ptr<ReplyTree>*>(task->privdata);
  if (!task->parent) tree = std::make_unique<ReplyTree>();
  return *tree;
}

ReplyNode* node_of(ReplyTree& tree, const redisReadTask* task) {
  ReplyNode* node =
      task->parent ? static_cast<ReplyNode*>(task->parent->obj)->elements + task->idx : &tree.root;
  new (node) ReplyNode;
  node->type = task->type;
  return node;
}

void* create_text(const redisReadTask* task, char* bytes, std::size_t size) try {
  ReplyTree& tree = tree_of(task);
  ReplyNode* node = node_of(tree, task);
  auto* text = static_cast<char*>(tree.memory.allocate(size, 1));
  std::string_view(bytes, size).copy(text, size);
  node->text = {text, size};
  return node;
} catch (const std::bad_alloc&) {
  return nullptr;
}

// The elements are left as they are: each is made before the answer is complete. Room is made for
// as many as are announced, so that what is no server's must not announce any number.
void* create_list(const redisReadTask* task, int size) try {
  if (size > kLongestList) return nullptr;
  ReplyTree& tree = tree_of(task);
  ReplyNode* node = node_of(tree, task);
  const auto count = static_cast<std::size_t>(size);
  node->elements =
      static_cast<ReplyNode*>(tree.memory.allocate(count * sizeof(ReplyNode), alignof(ReplyNode)));
  node->size = count;
  return node;
} catch (const std::bad_alloc&) {
  return nullptr;
}

void* create_integer(const redisReadTask* task, long long value) try {
  ReplyNode* node = node_of(tree_of(task), task);
  node->integer = value;
  return node;
} catch (const std::bad_alloc&) {
  return nullptr;
}

// The task says what it would have been.
void* create_nil(const redisReadTask* task) try {
  ReplyNode* node = node_of(tree_of(task), task);
  node->type = REDIS_REPLY_NIL;
  return node;
} catch (const std::bad_alloc&) {
  return nullptr;
}

redisReplyObjectFunctions functions{
    create_text, create_list, create_integer, create_nil, [](void*) {},  // the tree goes as a whole
};

}  // namespace

std::optional<std::int64_t> ReplyView::integer() const {
  if (node_ && node_->type == REDIS_REPLY_INTEGER) return node_->integer;
  return parse_int(text());
}

ReplyView ReplyView::member(std::string_view name) const {
  for (std::size_t i = 0; i + 1 < size(); i += 2)
    if ((*this)[i].text() == name) return (*this)[i + 1];
  return {};
}

Reply::Reply() = default;
Reply::Reply(std::unique_ptr<ReplyTree> tree) : tree_(std::move(tree)) {}
Reply::Reply(Reply&&) noexcept = default;
Reply& Reply::operator=(Reply&&) noexcept = default;
Reply::~Reply() = default;
ReplyView Reply::view() const { return tree_ ? ReplyView(&tree_->root) : ReplyView(); }

ReplyReader::ReplyReader() : reader_(redisReaderCreateWithFunctions(&functions)) {
  if (!reader_) throw std::bad_alloc();
  reader_->privdata = &tree_;
  reader_->maxbuf = kKeptBuffer;
}

ReplyReader::~ReplyReader() = default;

void ReplyReader::feed(std::string_view bytes) {
  redisReaderFeed(reader_.get(), bytes.data(), bytes.size());
}

Result<std::optional<Reply>> ReplyReader::next() {
  void* node = nullptr;
  if (redisReaderGetReply(reader_.get(), &node) != REDIS_OK)
    return fail(ErrorKind::Malformed, "", reader_->errstr);
  if (!node) return std::nullopt;
  return std::optional<Reply>(std::in_place, std::move(tree_));
}

}  // namespace oddsloom
