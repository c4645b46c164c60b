package request_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/matryer/is"

	"github.com/ropewalk/ropewalk/request"
)

var (
	localUser  request.Key[string]
	localOther request.Key[string]
	localErr   = request.NewKey[error]("err")
)

func TestLocalsAreSharedByOneRequest(t *testing.T) { // B5.11
	is := is.New(t)
	page := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, ok := localUser.Get(r.Context())
		is.True(ok)
		is.Equal(user, "ann")
		is.NoErr(localOther.Set(request.WithLocals(r).Context(), "from the page"))
	})
	middleware := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r = request.WithLocals(r)
		is.True(request.WithLocals(r) == r)
		is.NoErr(localUser.Set(r.Context(), "ann"))
		type k struct{}
		page(w, r.WithContext(context.WithValue(r.Context(), k{}, 1)))
		other, ok := localOther.Get(r.Context()) // what an error page would see
		is.True(ok)
		is.Equal(other, "from the page")
	})
	for range 2 { // nothing is left from the first
		r := httptest.NewRequest("GET", "/", nil)
		_, ok := localUser.Get(request.WithLocals(r).Context())
		is.True(!ok)
		middleware(httptest.NewRecorder(), r)
	}
}

func TestKeysAreToldApartByIdentity(t *testing.T) {
	is := is.New(t)
	ctx := request.ContextWithLocals(t.Context())
	a, b := request.NewKey[int]("n"), request.NewKey[int]("n")
	is.NoErr(a.Set(ctx, 1))
	_, ok := b.Get(ctx)
	is.True(!ok)
	is.NoErr(a.Set(ctx, 2))
	n, ok := a.Get(ctx)
	is.True(ok)
	is.Equal(n, 2)
	_, ok = localErr.Get(ctx)
	is.True(!ok)
	is.NoErr(localErr.Set(ctx, nil))
	_, ok = localErr.Get(ctx)
	is.True(ok) // nil is a value
}

func TestPrintedLocals(t *testing.T) {
	is := is.New(t)
	secret := request.NewKey[string]("secret")
	ctx := request.ContextWithLocals(t.Context())
	is.NoErr(secret.Set(ctx, "secret"))
	is.Equal(fmt.Sprint(ctx), "request.Locals")
}

func TestWithoutLocals(t *testing.T) {
	is := is.New(t)
	err := request.NewKey[int]("user").Set(t.Context(), 1)
	is.True(errors.Is(err, request.ErrNoLocals))
	is.Equal(err.Error(), `request: Key.Set("user"): the context has no locals: wrap the request with WithLocals first`)
	_, ok := localUser.Get(t.Context())
	is.True(!ok)
}

func TestLocalsAtOnce(t *testing.T) {
	ctx := request.ContextWithLocals(t.Context())
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			own := request.NewKey[int]("own")
			for range 100 {
				if err := errors.Join(own.Set(ctx, i), localUser.Set(ctx, "x")); err != nil {
					t.Error(err)
				}
				if n, _ := own.Get(ctx); n != i {
					t.Errorf("got %d, want %d", n, i)
				}
				localUser.Get(ctx)
			}
		})
	}
	wg.Wait()
}
