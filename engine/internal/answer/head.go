package answer

import (
	"net/http"

	"github.com/ropewalk/ropewalk/response"
)

// commit completes h with what page holds. The error is the panic of a hook.
func commit(page *response.Context, h http.Header, values *fieldValues) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = panicError(v)
		}
	}()
	values.setDefault(h, "X-Content-Type-Options", "nosniff")
	response.NewController(page).Commit(h)
	return nil
}

// Redirect answers with a redirect, in place of page; nil stands for the page that is
// now meant.
func (x *Exchange) Redirect(w http.ResponseWriter, r *http.Request, page *response.Context, status int, location string) {
	if page == nil {
		page = x.response()
		response.NewController(page).SetRequest(r)
	}
	x.sendHead(w, r, page, status, location)
}

// sendHead answers with a head alone; location may be empty.
func (x *Exchange) sendHead(w http.ResponseWriter, r *http.Request, page *response.Context, status int, location string) {
	next := x.replace(page, status, func(name string) bool {
		return name != "Location" && !(describesContent(name) && status != http.StatusNotModified)
	})
	h := w.Header()
	if location != "" {
		h.Set("Location", location)
	}
	var fields fieldValues
	if err := commit(next, h, &fields); err != nil {
		h.Del("Location")
		x.showError(w, r, next, &response.StatusError{Code: http.StatusInternalServerError, Err: err})
		return
	}
	if status == http.StatusNotModified {
		fields.setDefault(h, "Content-Type", "text/html; charset=utf-8") // which it stands for
		x.offer(r, next, h, status, -1)
	}
	h.Del("Content-Type")
	h.Del("Content-Length")
	if !hasNoBody(status) {
		h.Set("Content-Length", "0")
	}
	out := x.to(w, next)
	out.begin()
	w.WriteHeader(status)
}

func hasNoBody(status int) bool {
	switch status {
	case http.StatusNoContent, http.StatusResetContent, http.StatusNotModified:
		return true
	}
	return false
}

// fieldValues are room for the values of the header fields that a page always has, so
// that not each of them is allocated. No value is empty, and a nil one has no room.
type fieldValues [3]string

func (f *fieldValues) set(h http.Header, key, value string) {
	h[key] = append(f.room(), value)
}

// room returns an empty slice that has room for one value if there is some left.
func (f *fieldValues) room() []string {
	if f != nil {
		for i := range f {
			if f[i] == "" {
				return f[i : i : i+1]
			}
		}
	}
	return nil
}

func (f *fieldValues) setDefault(h http.Header, key, value string) {
	if _, ok := h[key]; !ok {
		f.set(h, key, value)
	}
}
