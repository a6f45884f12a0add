// Contract of the link book: what was linked, undone and forgotten, in which order.
#include <set>
#include <thread>

#include "store/child_process.h"
#include "store/store_under_test.h"
#include "support/wait_until.h"

namespace oddsloom::test {
namespace {

using std::chrono::seconds;

class LinkBookContract : public ContractTest {
 protected:
  static EventId event(const std::string& id, Source source = Source::Upcoming) {
    return {"BookieDelta", source, id};
  }
  static Link link(const EventId& of, const std::string& match = std::string(32, 'a')) {
    return {of, match, "betradar", 0.75, "betradar 61239123, kick-off 0 s apart", kNoon, {}};
  }
  static std::vector<std::string> texts(const LinkBook::Page& page) {
    std::vector<std::string> out;
    for (const Link& one : page.links) out.push_back(to_json(one));
    for (const EventId& one : page.forgotten) out.push_back("forgotten " + to_text(one));
    return out;
  }
  void SetUp() override { links_ = must(store_->link_book()); }
  void TearDown() override { links_.reset(); }
  std::unique_ptr<LinkBook> links_;
};
ODDSLOOM_FOR_EVERY_STORE(LinkBookContract);

using Texts = std::vector<std::string>;

TEST_P(LinkBookContract, WhatWasPutIsReadInFullAndInOrder) {
  EXPECT_EQ(must(links_->read(0)).revision, 0u);
  const std::vector<Link> all{link(event("2")), link(event("1", Source::Live)),
                              link({"OtherBook", Source::Live, "sr:match:1 2"})};
  must(links_->put(all));
  const auto page = must(links_->read(0));
  EXPECT_EQ(texts(page), (Texts{to_json(all[0]), to_json(all[1]), to_json(all[2])}));
  EXPECT_EQ(texts(must(must(store_->link_book())->read(0))), texts(page)) << "by another session";
}

TEST_P(LinkBookContract, AReaderGoesOnWhereItWas) {
  must(links_->put({link(event("1")), link(event("2"))}));
  const auto first = must(links_->read(0)).revision;
  EXPECT_TRUE(texts(must(links_->read(first))).empty());
  EXPECT_EQ(must(links_->read(first)).revision, first);
  must(links_->put({link(event("3"))}));
  must(links_->put({link(event("1"), std::string(32, 'b'))}));
  const auto page = must(links_->read(first));
  EXPECT_EQ(texts(page),
            (Texts{to_json(link(event("3"))), to_json(link(event("1"), std::string(32, 'b')))}));
  EXPECT_GT(page.revision, first);
}

TEST_P(LinkBookContract, AnUndoneLinkStaysAndIsNotReplaced) {
  must(links_->put({link(event("1")), link(event("2"))}));
  const auto before = must(links_->read(0)).revision;
  must(links_->undo(event("1"), kNoon + seconds(5)));
  must(links_->undo(event("1"), kNoon + seconds(9)));
  Link undone = link(event("1"));
  undone.undone_at = kNoon + seconds(5);
  EXPECT_EQ(texts(must(links_->read(before))), (Texts{to_json(undone)}));

  const auto put = links_->put({link(event("3")), link(event("1"))});
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().kind, ErrorKind::Conflict);
  EXPECT_EQ(must(links_->read(0)).links.size(), 2u) << "all or nothing";
}

TEST_P(LinkBookContract, AForgottenLinkMayBeMadeAgain) {
  must(links_->put({link(event("1"))}));
  must(links_->undo(event("1"), kNoon));
  const auto before = must(links_->read(0)).revision;
  must(links_->forget(event("1")));
  EXPECT_EQ(texts(must(links_->read(before))), (Texts{"forgotten " + to_text(event("1"))}));
  must(links_->put({link(event("1"))}));
  EXPECT_EQ(texts(must(links_->read(0))), (Texts{to_json(link(event("1")))}));
}

TEST_P(LinkBookContract, WhatIsNotLinkedCannotBeUndoneOrForgotten) {
  for (const auto& done : {links_->undo(event("1"), kNoon), links_->forget(event("1"))}) {
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().kind, ErrorKind::NotFound);
  }
  must(links_->put({link(event("1"))}));
  must(links_->forget(event("1")));
  EXPECT_FALSE(links_->undo(event("1"), kNoon));
}

TEST_P(LinkBookContract, ManyAreReadWhole) {
  std::vector<Link> all;
  for (int i = 0; i < 2'500; ++i) all.push_back(link(event(std::to_string(i))));
  must(links_->put(all));
  const auto page = must(links_->read(0));
  std::set<EventId> events;
  for (const Link& one : page.links) events.insert(one.event);
  EXPECT_EQ(events.size(), 2'500u);
  EXPECT_TRUE(must(links_->read(page.revision)).links.empty());
}

// Each process puts pairs of its own until it is killed.
TEST_P(LinkBookContract, ProcessesThatAreKilledLeaveWholeBatches) {
  ChildProcess one("link", place_->url(), "One"), two("link", place_->url(), "Two");
  std::uint64_t revision = 0;
  std::map<EventId, std::string> links;
  const auto read_on = [&] {
    const auto page = must(links_->read(revision));
    EXPECT_GE(page.revision, revision);
    revision = page.revision;
    for (const Link& each : page.links) links[each.event] = each.match_id;
    return links.size();
  };
  ASSERT_TRUE(wait_until([&] {
    read_on();
    std::set<std::string> bookmakers;
    for (const auto& [of, match] : links) bookmakers.insert(of.bookmaker);
    return links.size() >= 60 && bookmakers.size() == 2;
  }));
  one.kill();
  two.kill();
  for (auto before = links.size() + 1; before != links.size();) {
    before = links.size();
    std::this_thread::sleep_for(Millis(50));
    read_on();
  }
  std::map<std::string, int> members;
  for (const auto& [of, match] : links) ++members[of.bookmaker + match];
  for (const auto& [match, count] : members) EXPECT_EQ(count, 10) << match;
  EXPECT_EQ(must(links_->read(0)).links.size(), links.size());
}

TEST(MatchId, IsStableForEver) {
  EXPECT_EQ(match_id_of({"BookieDelta", Source::Live, "9124285"}).size(), 32u);
  EXPECT_NE(match_id_of({"BookieDelta", Source::Live, "9124285"}),
            match_id_of({"BookieDelta", Source::Upcoming, "9124285"}));
}

TEST(EventText, ReadsBackAndRefusesOtherText) {
  const EventId event{"BookieDelta", Source::Live, "sr:match:1 2"};
  EXPECT_EQ(must(parse_event_id(to_text(event))), event);
  for (const char* bad : {"", "BookieDelta", "BookieDelta live", "BookieDelta live ", " live 1",
                          "BookieDelta later 1"})
    EXPECT_FALSE(parse_event_id(bad)) << bad;
}

}  // namespace
}  // namespace oddsloom::test
