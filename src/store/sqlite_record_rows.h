// How a record lies in a row: every member a column of its own, the outcomes one JSON array, in the
// tables `records` and `changes` alike. Used by the writer and the reader. Pure but for the
// statement it binds to; any thread.
#pragma once

#include <string>

#include "model/record.h"
#include "store/sqlite.h"

namespace oddsloom {

inline constexpr int kIdentityColumns = 6;
inline constexpr int kRecordColumns = 20;

// "bookmaker, bet_type, ..": the identity first, then the content, then the two times; each with
// `prefix` ("r.") before it.
std::string record_columns(std::string_view prefix = "");
// "period = ?, home = ?, ..": all but the identity.
std::string record_assignments();

void bind_identity(Statement& statement, const Record& record, const std::string& line);
// What is not identity. `outcomes` as outcomes_json() made it; both must live until the statement
// has run.
void bind_content(Statement& statement, const Record& record, const std::string& outcomes);

std::string line_text(const std::optional<Line>& line);
std::string outcomes_json(const std::vector<Outcome>& outcomes);

// Reads kIdentityColumns columns from `first` on; otherwise as read_record.
RecordId read_identity(const Rows& rows, int first, Connection& connection);

// Reads kRecordColumns columns from `first` on. What cannot be read is noted in the connection as
// Corrupt.
Record read_record(const Rows& rows, int first, Connection& connection);

}  // namespace oddsloom
