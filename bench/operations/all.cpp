#include <algorithm>
#include <iterator>

#include "bench/operations/operation.h"

namespace oddsloom::bench {

std::vector<Operation> all_operations(const std::string& folder) {
  std::vector<Operation> all;
  for (std::vector<Operation> part :
       {mapping_operations(), model_operations(), wire_operations(), schedule_operations(),
        redis_operations(), sqlite_operations(folder)})
    std::move(part.begin(), part.end(), std::back_inserter(all));
  return all;
}

}  // namespace oddsloom::bench
