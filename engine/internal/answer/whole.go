package answer

import (
	"net/http"
	"strings"
)

// WholeByDefault names the clients that get pages whole: those that speak HTTP/1.0, to
// whom half a page looks like a whole one, and crawlers.
func WholeByDefault(r *http.Request) bool {
	return !r.ProtoAtLeast(1, 1) || IsBot(r.UserAgent())
}

// bots are words by which crawlers are known, spelt as in their User-Agent.
var bots = []string{
	"Googlebot", "Google-InspectionTool", "GoogleOther", "bingbot", "BingPreview", "DuckDuckBot", "YandexBot", "Baiduspider",
	"Applebot", "Slurp", "SeznamBot", "PetalBot", "Amazonbot", "Qwantbot", "MojeekBot", "archive.org_bot",
	"facebookexternalhit", "Twitterbot", "LinkedInBot", "Slackbot", "Discordbot", "TelegramBot", "WhatsApp", "Pinterestbot",
	"GPTBot", "OAI-SearchBot", "ClaudeBot", "PerplexityBot", "CCBot", "AhrefsBot", "SemrushBot",
}

// IsBot reports whether a User-Agent is that of a crawler.
func IsBot(userAgent string) bool {
	for _, bot := range bots {
		if strings.Contains(userAgent, bot) {
			return true
		}
	}
	return false
}
