// The job as a performance-minded Go engineer would do it with what Debian packages: fasthttp, fastjson, and redigo with
// pipelines. A reader (50 entries per read, all streams in one round trip), 50 fetching goroutines on kept-alive
// connections, one writer that stores whatever has gathered, up to 50, in two round trips per stream. An answer serves
// the entries of all streams about its event that were read together. No retry; anything unexpected ends it.
//
//	gopeer REDIS_PORT BOOKMAKER_PORT BET[,BET..] [CA_FILE]      with the file: https
package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"strconv"
	"strings"
	"time"

	"gomodule/redigo/redis"
	"valyala/fasthttp"
	"valyala/fastjson"
)

const batch = 50

var bets = map[string]struct {
	label, index string
	market       int
}{"three_way": {"THREE_WAY", "3way", 10}, "btts": {"BTTS", "btts", 43}, "double_chance": {"DOUBLE_CHANCE", "double_chance", 46}}

type stream struct {
	bet, key, group, lookup, document, announcements string
	market                                           int
}

type work struct {
	event   string
	entries [3]string // by stream; "" is none
	records [3][]byte
}

type record struct {
	EventID  string             `json:"eventID"`
	BetType  string             `json:"betType"`
	Market   string             `json:"market"`
	Outcomes map[string]float64 `json:"outcomes"`
}

func must(value interface{}, err error) interface{} {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func read(conn redis.Conn, streams []stream, out chan<- *work) {
	for {
		for i, s := range streams {
			args := redis.Args{"GROUP", s.group, "worker", "COUNT", batch}
			if i == 0 { // the first one waits
				args = args.Add("BLOCK", 1000)
			}
			must(nil, conn.Send("XREADGROUP", args.Add("STREAMS", s.key, ">")...))
		}
		must(nil, conn.Flush())
		var order []*work
		byEvent := map[string]*work{}
		for i := range streams {
			reply, _ := must(conn.Receive()).([]interface{})
			for _, part := range reply { // one stream, or nothing new
				for _, e := range part.([]interface{})[1].([]interface{}) {
					entry := e.([]interface{})
					id := must(redis.StringMap(entry[1], nil)).(map[string]string)["event_id"]
					if byEvent[id] == nil {
						byEvent[id] = &work{event: id}
						order = append(order, byEvent[id])
					}
					byEvent[id].entries[i] = string(entry[0].([]byte))
				}
			}
		}
		for _, w := range order {
			out <- w
		}
	}
}

func fetch(client *fasthttp.Client, base, markets string, streams []stream, in <-chan *work, out chan<- *work) {
	var parser fastjson.Parser
	req, res := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	for w := range in {
		req.SetRequestURI(base + "/api/games/markets?games=" + w.event + "&markets=" + markets)
		req.Header.Set("Accept-Encoding", "gzip")
		must(nil, client.Do(req, res))
		body := res.Body()
		if string(res.Header.Peek("Content-Encoding")) == "gzip" {
			body = must(res.BodyGunzip()).([]byte)
		}
		for _, market := range must(parser.ParseBytes(body)).(*fastjson.Value).GetArray(w.event) {
			for i, s := range streams {
				if w.entries[i] == "" || market.GetInt("id") != s.market {
					continue
				}
				r := record{w.event, s.bet, string(market.GetStringBytes("name")), make(map[string]float64, 3)}
				for _, o := range market.GetArray("selections") {
					odds := must(strconv.ParseFloat(string(o.GetStringBytes("odds")), 64)).(float64)
					r.Outcomes[string(o.GetStringBytes("shortName"))] = odds
				}
				w.records[i] = must(json.Marshal(r)).([]byte)
			}
		}
		out <- w
	}
}

func store(conn redis.Conn, s stream, i int, gathered []*work) {
	var todo []*work
	lookups, ack := redis.Args{}, redis.Args{s.key, s.group}
	for _, w := range gathered {
		if w.records[i] != nil {
			todo, lookups, ack = append(todo, w), append(lookups, s.lookup+w.event), append(ack, w.entries[i])
		}
	}
	if todo == nil {
		return
	}
	for j, key := range must(redis.Strings(conn.Do("MGET", lookups...))).([]string) {
		if key != "" {
			must(nil, conn.Send("HSET", key, "bk:BookieDelta", todo[j].records[i]))
			continue
		}
		key = fmt.Sprintf("%s%d-0-%s", s.document, time.Now().Unix(), todo[j].event)
		must(nil, conn.Send("HSET", key, "bk:BookieDelta", todo[j].records[i]))
		must(nil, conn.Send("SET", lookups[j], key))
		must(nil, conn.Send("XADD", s.announcements, "*", "data_key", key))
	}
	must(conn.Do("XACK", ack...))
}

func main() {
	var streams []stream
	var markets []string
	dial := func() redis.Conn { return must(redis.Dial("tcp", "127.0.0.1:"+os.Args[1])).(redis.Conn) }
	writer := dial()
	for _, bet := range strings.Split(os.Args[3], ",") {
		is := bets[bet]
		name, key := "bookiedelta_"+bet+"-upcoming-0_", "lst-"+is.label+"_upcoming"
		s := stream{bet, name + "event", name + "consumer_group", "idx:lst" + is.index + "_upcoming:BookieDelta:",
			"BookieDelta_" + key + ":", key + "_stream", is.market}
		streams, markets = append(streams, s), append(markets, strconv.Itoa(s.market))
		must(writer.Do("XGROUP", "CREATE", s.key, s.group, "0", "MKSTREAM"))
	}
	client, base := &fasthttp.Client{MaxConnsPerHost: batch}, "http://127.0.0.1:"+os.Args[2]
	if len(os.Args) > 4 {
		roots := x509.NewCertPool()
		roots.AppendCertsFromPEM(must(os.ReadFile(os.Args[4])).([]byte))
		client.TLSConfig, base = &tls.Config{RootCAs: roots}, "https://127.0.0.1:"+os.Args[2]
	}
	waiting, done := make(chan *work, batch), make(chan *work, 2*batch)
	for i := 0; i < batch; i++ {
		go fetch(client, base, strings.Join(markets, ","), streams, waiting, done)
	}
	go read(dial(), streams, waiting)
	for w := range done {
		gathered := []*work{w}
		for more := true; more && len(gathered) < batch; {
			select {
			case w := <-done:
				gathered = append(gathered, w)
			default:
				more = false
			}
		}
		for i, s := range streams {
			store(writer, s, i, gathered)
		}
	}
}
