package request

import (
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// ClientIP returns the address the request came from.
//
// Without trusted prefixes that is the peer of the connection. If the peer is in
// one of them, it is a proxy of yours and its X-Forwarded-For is believed: the
// entries are read from the right, as each proxy appends the peer it saw, up to
// the first that is not trusted itself. What stands left of it may be invented.
//
//	ip, err := request.ClientIP(r, netip.MustParsePrefix("10.0.0.0/8"))
//
// IPv4 addresses come back as such, also when they were mapped into IPv6.
func ClientIP(r *http.Request, trusted ...netip.Prefix) (netip.Addr, error) {
	ip, err := parseAddr(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}, fmt.Errorf("request: ClientIP: RemoteAddr %q is no IP address: %w", r.RemoteAddr, err)
	}
	forwarded := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, entry := range slices.Backward(forwarded) {
		if !within(ip, trusted) {
			break
		}
		entry = strings.TrimSpace(entry)
		if entry == "" {
			continue
		}
		if ip, err = parseAddr(entry); err != nil {
			return netip.Addr{}, fmt.Errorf("request: ClientIP: X-Forwarded-For: a trusted proxy sent %q: %w", entry, err)
		}
	}
	return ip, nil
}

func within(ip netip.Addr, prefixes []netip.Prefix) bool {
	ip = ip.WithZone("") // no prefix contains an address with a zone
	return slices.ContainsFunc(prefixes, func(p netip.Prefix) bool { return p.Contains(ip) })
}

// parseAddr reads an address with or without a port or brackets.
func parseAddr(s string) (netip.Addr, error) {
	if ip, err := netip.ParseAddr(s); err == nil {
		return ip.Unmap(), nil
	}
	if inner, ok := strings.CutPrefix(s, "["); ok {
		if inner, ok = strings.CutSuffix(inner, "]"); ok {
			s = inner
		}
	}
	if ip, err := netip.ParseAddr(s); err == nil {
		return ip.Unmap(), nil
	}
	ap, err := netip.ParseAddrPort(s)
	if err != nil {
		return netip.Addr{}, errors.New("want an IP address, with or without a port")
	}
	return ap.Addr().Unmap(), nil
}
