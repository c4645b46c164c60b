package web

import (
	"net/http"

	"github.com/klauspost/compress/gzhttp"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/ropewalk/ropewalk/engine"
)

// compressed serves a page of ropewalk as an App does. Everything else is wrapped
// by a middleware that has the same encoders, and as fast as those.
func compressed(handler http.Handler) (http.Handler, error) {
	if page, ok := handler.(engine.PageFunc); ok {
		app := new(engine.App)
		app.Page("/", page)
		return app, nil
	}
	wrap, err := gzhttp.NewWrapper(
		gzhttp.CompressionLevel(gzip.BestSpeed),
		gzhttp.EnableZstd(true),
		gzhttp.ZstdCompressionLevel(int(zstd.SpeedFastest)),
	)
	if err != nil {
		return nil, err
	}
	return wrap(handler), nil
}
