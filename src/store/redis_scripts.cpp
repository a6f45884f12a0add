#include "store/redis_scripts.h"

#include <fmt/format.h>

#include "store/redis_script_texts.h"

namespace oddsloom {

// A script each, made once: its name is its file's in lua/.
#define ODDSLOOM_SCRIPT(function)                                                     \
  const RedisScript& RedisScripts::function() {                                       \
    static const RedisScript script = make_script(#function, script_texts::function); \
    return script;                                                                    \
  }
ODDSLOOM_SCRIPT(append)
ODDSLOOM_SCRIPT(claim)
ODDSLOOM_SCRIPT(extend)
ODDSLOOM_SCRIPT(settle)
ODDSLOOM_SCRIPT(adopt)
ODDSLOOM_SCRIPT(retry_dead)
ODDSLOOM_SCRIPT(stream_statistics)
ODDSLOOM_SCRIPT(forget_consumers)
ODDSLOOM_SCRIPT(trim_stream)
ODDSLOOM_SCRIPT(changes)
ODDSLOOM_SCRIPT(seen)
ODDSLOOM_SCRIPT(put_links)
ODDSLOOM_SCRIPT(change_link)
#undef ODDSLOOM_SCRIPT

const RedisScript& RedisScripts::commit(RedisFlavour flavour) {
  static const RedisScript kHash =
      make_script("commit", fmt::format("{}{}", script_texts::document_hash, script_texts::commit));
  static const RedisScript kJson = make_script(
      "commit_json", fmt::format("{}{}", script_texts::document_json, script_texts::commit));
  return flavour == RedisFlavour::Hash ? kHash : kJson;
}

const RedisScript& RedisScripts::remove(RedisFlavour flavour) {
  static const RedisScript kHash = make_script("remove_hash", script_texts::remove_hash);
  static const RedisScript kJson = make_script("remove_json", script_texts::remove_json);
  return flavour == RedisFlavour::Hash ? kHash : kJson;
}

std::vector<const RedisScript*> RedisScripts::all(RedisFlavour flavour) {
  return {&append(),
          &claim(),
          &extend(),
          &settle(),
          &adopt(),
          &retry_dead(),
          &stream_statistics(),
          &forget_consumers(),
          &trim_stream(),
          &changes(),
          &seen(),
          &put_links(),
          &change_link(),
          &commit(flavour),
          &remove(flavour)};
}

}  // namespace oddsloom
