package engine

import (
	"net/http"
	"strings"
)

// DefaultBuffer is what [App.Buffer] is if it is nil. It holds for clients that
// speak HTTP/1.0, to whom half a page looks like a whole one, and for the crawlers
// of search engines and link previews, who wait for a page anyway and should see
// the right status.
func DefaultBuffer(r *http.Request) bool {
	return !r.ProtoAtLeast(1, 1) || isBot(r.UserAgent())
}

// bots are words by which crawlers are known, spelt as in their User-Agent.
var bots = []string{
	"Googlebot", "Google-InspectionTool", "GoogleOther", "bingbot", "BingPreview", "DuckDuckBot", "YandexBot", "Baiduspider",
	"Applebot", "Slurp", "SeznamBot", "PetalBot", "Amazonbot", "Qwantbot", "MojeekBot", "archive.org_bot",
	"facebookexternalhit", "Twitterbot", "LinkedInBot", "Slackbot", "Discordbot", "TelegramBot", "WhatsApp", "Pinterestbot",
	"GPTBot", "OAI-SearchBot", "ClaudeBot", "PerplexityBot", "CCBot", "AhrefsBot", "SemrushBot",
}

func isBot(userAgent string) bool {
	for _, bot := range bots {
		if strings.Contains(userAgent, bot) {
			return true
		}
	}
	return false
}

// sendsWhole reports whether a page that decides nothing is sent whole to r's client.
func (a *App) sendsWhole(r *http.Request) bool {
	if a.Buffer != nil {
		return a.Buffer(r)
	}
	return DefaultBuffer(r)
}
