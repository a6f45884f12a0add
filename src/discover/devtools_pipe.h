// DevTools over a pair of pipes: messages end with a NUL byte. Owns both ends it is given. One
// thread. Source of the format: Chromium's --remote-debugging-pipe.
#pragma once

#include "discover/devtools_link.h"

namespace oddsloom {

class DevToolsPipe : public DevToolsLink {
 public:
  // `read_fd` is what the browser writes to, `write_fd` what it reads from.
  DevToolsPipe(int read_fd, int write_fd);
  ~DevToolsPipe() override;
  DevToolsPipe(const DevToolsPipe&) = delete;
  DevToolsPipe& operator=(const DevToolsPipe&) = delete;

  void send(std::string_view json) override;
  Result<std::vector<std::string>> receive(Millis wait) override;

 private:
  Result<void> flush();
  Result<void> read_some(std::vector<std::string>& out);

  int read_fd_, write_fd_;
  std::string unsent_, partial_;
  std::size_t sent_ = 0;  // of unsent_
};

}  // namespace oddsloom
