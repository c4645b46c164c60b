package engine

// Encoding says how an app compresses its pages and what [response.JSON] and
// [response.Bytes] answer. The zero value compresses everything that is text, with
// zstd or gzip, whichever the client would rather have.
//
// Below a middleware that compresses what is written to it nothing is compressed twice: the
// app leaves it to whoever has set Content-Encoding, or Vary: Accept-Encoding, in the header
// of the http.ResponseWriter before the page.
//
// # Secrets
//
// The length of a compressed page tells how much of it repeats. If a page shows a
// secret and repeats words of the request, whoever can make a visitor's browser
// ask for it and can see the length of the answers is able to guess the secret
// piece by piece (BREACH). Tokens that are masked anew in every page, and cookies
// with SameSite, which are the default of package cookie, take the ground from
// that. Where neither is in place, use [response.Context.SetCompressed], or Off.
type Encoding struct {
	// Off leaves all bodies as they are.
	Off bool

	// MinSize is the length from which a page that is sent whole is compressed;
	// 1024 bytes if zero. Streamed pages always are.
	MinSize int

	// Encoders is how many pages at once may hold an encoder with a memory, which
	// takes 0.6 to 0.8 MB until the page has ended. 64 if zero; none if negative. Those beyond
	// are compressed piece by piece, which takes no memory and packs less tightly.
	Encoders int
}
