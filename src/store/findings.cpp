#include "store/findings.h"

#include <algorithm>
#include <tuple>

#include "base/hash.h"

namespace oddsloom {

void Findings::add(Finding finding) {
  const auto hash = content_hash(finding.what + '\n' + finding.where + '\n' + finding.message);
  if (!known_.insert(hash.low).second) return;
  ++(finding.grade == Finding::Grade::Problem ? examination_.problems : examination_.warnings);
  if (kept_[finding.what] >= Examination::kMostOfAKind) {
    ++examination_.more[finding.what];
    return;
  }
  ++kept_[finding.what];
  examination_.findings.push_back(std::move(finding));
}

void Findings::count(const std::string& what, std::uint64_t further) {
  if (further == 0) return;
  examination_.problems += further;
  examination_.more[what] += further;
}

Examination Findings::take(std::uint64_t documents) {
  examination_.documents = documents;
  std::sort(examination_.findings.begin(), examination_.findings.end(),
            [](const Finding& a, const Finding& b) {
              return std::tie(b.grade, a.what, a.where, a.message) <
                     std::tie(a.grade, b.what, b.where, b.message);
            });
  return std::move(examination_);
}

}  // namespace oddsloom
