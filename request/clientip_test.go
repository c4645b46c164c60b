package request_test

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/ropewalk/ropewalk/request"
)

func TestClientIP(t *testing.T) { // B5.9
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8"), netip.MustParsePrefix("fe80::/10")}
	for _, test := range []struct {
		remote    string
		forwarded []string
		want      string // empty: an error
	}{
		{"192.0.2.1:80", nil, "192.0.2.1"},
		{"192.0.2.1", nil, "192.0.2.1"},
		{"[2001:db8::1]:80", nil, "2001:db8::1"},
		{"[::ffff:192.0.2.1]:80", nil, "192.0.2.1"},
		{"192.0.2.1:80", []string{"198.51.100.7"}, "192.0.2.1"}, // the peer is no proxy of ours
		{"10.0.0.1:80", nil, "10.0.0.1"},
		{"10.0.0.1:80", []string{"198.51.100.7"}, "198.51.100.7"},
		{"[::ffff:10.0.0.1]:80", []string{"198.51.100.7"}, "198.51.100.7"},
		{"[fe80::1%eth0]:80", []string{"198.51.100.7"}, "198.51.100.7"},
		{"10.0.0.1:80", []string{"6.6.6.6, 198.51.100.7"}, "198.51.100.7"}, // what the client sent is left of what the proxy saw
		{"10.0.0.1:80", []string{"junk", "6.6.6.6, 198.51.100.7 ,10.0.0.9"}, "198.51.100.7"},
		{"10.0.0.1:80", []string{"6.6.6.6", "198.51.100.7", "10.0.0.9,fd00::5"}, "198.51.100.7"},
		{"10.0.0.1:80", []string{"10.0.0.3, 10.0.0.2"}, "10.0.0.3"},
		{"10.0.0.1:80", []string{"198.51.100.7:4711"}, "198.51.100.7"},
		{"10.0.0.1:80", []string{"[2001:db8::7]:4711"}, "2001:db8::7"},
		{"10.0.0.1:80", []string{"[2001:db8::7]"}, "2001:db8::7"},
		{"10.0.0.1:80", []string{" , 198.51.100.7, ,"}, "198.51.100.7"},
		{"10.0.0.1:80", []string{""}, "10.0.0.1"},
		{"10.0.0.1:80", []string{"unknown"}, ""},
		{"10.0.0.1:80", []string{"198.51.100.7, _hidden"}, ""},
		{"@", nil, ""},
		{"", []string{"198.51.100.7"}, ""},
	} {
		t.Run(test.remote+" "+strings.Join(test.forwarded, "|"), func(t *testing.T) {
			is := is.New(t)
			r := &http.Request{RemoteAddr: test.remote, Header: http.Header{"X-Forwarded-For": test.forwarded}}
			ip, err := request.ClientIP(r, proxies...)
			if test.want == "" {
				is.True(err != nil)
				is.True(strings.HasPrefix(err.Error(), "request: ClientIP: "))
				is.Equal(ip, netip.Addr{})
				return
			}
			is.NoErr(err)
			is.Equal(ip.String(), test.want)
			direct, err := request.ClientIP(r) // without proxies the header says nothing
			is.NoErr(err)
			r.Header = nil
			alone, err := request.ClientIP(r, proxies...)
			is.NoErr(err)
			is.Equal(direct, alone)
		})
	}
}

func FuzzClientIP(f *testing.F) {
	f.Add("10.0.0.1:80", "1.2.3.4, 10.0.0.2")
	f.Add("[::1%lo]:1", "[::ffff:10.0.0.1]:5,,junk")
	trusted := netip.MustParsePrefix("10.0.0.0/8")
	f.Fuzz(func(t *testing.T, remote, forwarded string) {
		r := &http.Request{RemoteAddr: remote, Header: http.Header{"X-Forwarded-For": {forwarded}}}
		ip, err := request.ClientIP(r, trusted)
		if ip.IsValid() == (err != nil) {
			t.Fatalf("%v with %v", ip, err)
		}
		// What a client puts in front changes nothing once an entry is not trusted.
		r.Header.Set("X-Forwarded-For", "6.6.6.6,"+forwarded)
		if longer, err := request.ClientIP(r, trusted); ip.IsValid() && !trusted.Contains(ip) && (err != nil || longer != ip) {
			t.Fatalf("%v became %v, %v", ip, longer, err)
		}
	})
}
