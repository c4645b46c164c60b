package stream_test

import (
	"context"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ropewalk/ropewalk/stream"
)

var errBad = errors.New("bad")

// B1.20
func TestCatch(t *testing.T) {
	boom := fn(func(context.Context, io.Writer) error { panic("boom") })
	for _, test := range []struct {
		name string
		page rd
		want string
	}{
		{"nothing to catch", catch(text("ok"), sorry), "ok"},
		{"its own body", catch(join(text("lost"), fail(errBad)), sorry), "[bad]"},
		{"a panic", catch(join(text("lost"), boom), sorry), "[stream: panic: boom]"},
		{"a part", catch(join(text("lost"), async(wait(ms), fail(errBad)), text("lost")), sorry), "[bad]"},
		{"a panic in a part", catch(join(text("lost"), async(wait(ms), boom)), sorry), "[stream: panic: boom]"},
		{"a Goexit in a part", catch(async(fn(func(context.Context, io.Writer) error { runtime.Goexit(); return nil })),
			func(error) rd { return text("gone") }), "gone"},
		{"a part in a part", catch(async(text("lost"), async(wait(ms), fail(errBad)), wait(5*ms)), sorry), "[bad]"},
		{"a body that fails after a fork", catch(join(text("lost"), async(wait(ms), text("lost")), fail(errBad)), sorry), "[bad]"},
		{"the body, after a part", catch(join(async(fail(errBad)), wait(ms), text("lost"), fail(io.EOF)), sorry), "[bad]"},
		{"a part, after the body has ended", join(catch(async(wait(9*ms), fail(errBad)), sorry), text("!")), "[bad]!"},
		{"the inner one", catch(join(text("a"), catch(join(text("b"), fail(errBad)), sorry), text("c")), sorry), "a[bad]c"},
		{"the inner one, forked", catch(join(text("a"), catch(async(wait(ms), fail(errBad)), sorry), text("c")), sorry), "a[bad]c"},
		{"a fallback that fails", catch(join(text("a"), catch(fail(errBad), func(error) rd { return fail(io.EOF) })), sorry), "[EOF]"},
		{"a fallback that fails, forked", catch(join(text("a"), catch(async(wait(ms), fail(errBad)),
			func(error) rd { return join(text("b"), wait(ms), fail(io.EOF)) }), text("c")), sorry), "[EOF]"},
		{"a fallback that panics", catch(catch(async(fail(errBad)), func(error) rd { panic("boom") }), sorry), "[stream: panic: boom]"},
		{"a fallback that forks", join(catch(fail(errBad), func(error) rd { return join(text("["), async(wait(ms), text("x")), text("]")) }), text("!")), "[x]!"},
		{"a fallback that forks, forked", join(catch(async(wait(ms), fail(errBad)),
			func(error) rd { return join(text("["), async(wait(ms), text("x")), text("]")) }), text("!")), "[x]!"},
		{"no fallback", join(text("a"), catch(async(fail(errBad)), nil), text("b")), "ab"},
		{"a nil fallback", join(text("a"), catch(fail(errBad), func(error) rd { return nil }), text("b")), "ab"},
		{"text before and in it", join(text("a"), catch(join(text("b"), catch(join(text("c"), async(wait(ms), text("d"))), sorry), text("e")), sorry), text("f")), "abcdef"},
		{"siblings, undisturbed", join(async(wait(9*ms), text("1")), catch(async(wait(ms), fail(errBad)), sorry), async(wait(9*ms), text("2"))), "1[bad]2"},
		{"in a part", join(async(text("a"), catch(async(wait(ms), fail(errBad)), sorry), text("b")), text("c")), "a[bad]bc"},
	} {
		t.Run(test.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				is := is.New(t)
				var out strings.Builder
				is.NoErr(stream.Render(t.Context(), &out, test.page))
				is.Equal(out.String(), test.want)
			})
		})
	}
}

func TestCatchKeepsItsPartsConcurrentAndHoldsNobodyUp(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := record()
		err := stream.Render(t.Context(), r, join(text("<"),
			catch(join(async(wait(10*ms), text("a")), async(wait(20*ms), text("b"))), sorry),
			async(wait(15*ms), text("c")), text(">")))
		is.New(t).NoErr(err)
		r.want(t, "0 lock", "0 write <", "0 flush", "20 write abc>")
	})
}

func TestFallbackStreamsInItsPlace(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := record()
		err := stream.Render(t.Context(), r, join(text("<"),
			catch(async(wait(10*ms), fail(errBad)), func(error) rd { return join(text("a"), async(wait(20*ms), text("b")), text("c")) }),
			text(">")))
		is.New(t).NoErr(err)
		r.want(t, "0 lock", "0 write <", "0 flush", "10 write a", "10 flush", "30 write bc>")
	})
}

func TestFailedGroupCancelsItsPartsAlone(t *testing.T) {
	bubble(t, func(t *testing.T) {
		is := is.New(t)
		var inside, outside error
		cause := func(to *error) rd {
			return fn(func(ctx context.Context, w io.Writer) error {
				err := wait(50*ms).Render(ctx, w)
				*to = context.Cause(ctx)
				return err
			})
		}
		parts := join(async(cause(&inside)), async(wait(ms), fail(errBad)))
		for _, body := range []rd{parts, timeout(time.Hour, parts)} {
			is.NoErr(stream.Render(t.Context(), io.Discard, join(async(cause(&outside)), catch(body, sorry))))
			is.Equal(inside, errBad)
			is.NoErr(outside)
		}
	})
}

func TestCatchLetsTheEndOfTheContextThrough(t *testing.T) {
	for name, body := range map[string]rd{"body": wait(time.Hour), "part": async(wait(time.Hour)), "stubborn part": async(stubborn(time.Second), fail(errBad))} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				is := is.New(t)
				ctx, cancel := context.WithTimeoutCause(t.Context(), ms, errBad)
				defer cancel()
				err := stream.Render(ctx, io.Discard, catch(body, func(error) rd { t.Error("fallback rendered"); return nil }))
				is.Equal(err, errBad)
			})
		})
	}
}

func TestCatchInATimeoutDoesNotCatchIt(t *testing.T) {
	for name, body := range map[string]rd{"body": wait(time.Hour), "part": async(wait(time.Hour))} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				is := is.New(t)
				var out strings.Builder
				is.NoErr(stream.Render(t.Context(), &out,
					catch(timeout(ms, catch(body, func(error) rd { t.Error("inner fallback rendered"); return nil })), sorry)))
				is.Equal(out.String(), "[stream: not done within 1ms]")
			})
		})
	}
}

func TestTimeout(t *testing.T) {
	late := "[stream: not done within 10ms]"
	for _, test := range []struct {
		name  string
		page  rd
		want  string
		takes time.Duration
	}{
		{"in time", timeout(10*ms, join(text("a"), wait(5*ms))), "a", 5 * ms},
		{"in time, forked", timeout(10*ms, join(text("a"), async(wait(5*ms), text("b")))), "ab", 5 * ms},
		{"body", catch(timeout(10*ms, join(text("a"), wait(time.Hour))), sorry), late, 10 * ms},
		{"body that ignores its context", catch(timeout(10*ms, stubborn(50*ms)), sorry), late, 50 * ms},
		{"part", catch(timeout(10*ms, async(text("a"), wait(time.Hour))), sorry), late, 10 * ms},
		{"part that ignores its context", catch(timeout(10*ms, async(text("a"), stubborn(50*ms), text("b"))), sorry), late, 10*ms + grace},
		{"part and body", catch(timeout(10*ms, join(async(stubborn(20*ms)), stubborn(50*ms))), sorry), late, 50 * ms},
		{"no time", catch(timeout(0, text("a")), sorry), "[stream: not done within 0s]", 0},
		{"another error first", catch(timeout(10*ms, async(wait(ms), fail(errBad))), sorry), "[bad]", ms},
		{"the inner one", catch(timeout(50*ms, join(text("a"), catch(timeout(10*ms, async(wait(time.Hour))), sorry))), sorry), "a" + late, 10 * ms},
		{"the outer one", catch(timeout(10*ms, join(text("a"), catch(timeout(50*ms, async(wait(time.Hour))), sorry))), sorry), late, 10 * ms},
		{"after a flush", catch(timeout(10*ms, join(text("a"), flush, async(wait(time.Hour)))), sorry), late, 10 * ms},
	} {
		t.Run(test.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				is := is.New(t)
				var out strings.Builder
				start := time.Now()
				is.NoErr(stream.Render(t.Context(), &out, test.page))
				is.Equal(out.String(), test.want)
				is.Equal(time.Since(start), test.takes)
			})
		})
	}
}

func TestTimeoutShowsItsFallbackInTime(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := record()
		err := stream.Render(t.Context(), r, join(text("<"), catch(timeout(10*ms, async(stubborn(time.Minute))), sorry), text(">")))
		is.New(t).NoErr(err)
		r.want(t, "0 lock", "0 write <", "0 flush", "10 write [stream: not done within 10ms]>", "10 flush")
		is.New(t).Equal(time.Since(r.start), 10*ms+grace) // and not a minute
	})
}

func TestTimeoutFailsThePage(t *testing.T) {
	for name, body := range map[string]rd{
		"body": wait(time.Hour), "part": async(wait(time.Hour)), "parts": join(async(wait(time.Hour)), async(wait(time.Hour))),
		"stubborn part":          async(stubborn(time.Second)),
		"part with a late error": async(stubborn(time.Second), fail(context.DeadlineExceeded)),
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				is := is.New(t)
				err := stream.Render(t.Context(), io.Discard, join(text("a"), timeout(10*ms, body)))
				var late *stream.TimeoutError
				is.True(errors.As(err, &late))
				is.Equal(late.After, 10*ms)
				is.True(errors.Is(err, context.DeadlineExceeded))
				is.True(late.Timeout())
			})
		})
	}
}

func TestTimeoutGivesItsCause(t *testing.T) {
	bubble(t, func(t *testing.T) {
		is := is.New(t)
		body := fn(func(ctx context.Context, w io.Writer) error {
			_, ok := ctx.Deadline()
			is.True(ok)
			<-ctx.Done()
			is.Equal(ctx.Err(), context.DeadlineExceeded)
			is.True(isA[*stream.TimeoutError](context.Cause(ctx)))
			return ctx.Err()
		})
		is.True(isA[*stream.TimeoutError](stream.Render(t.Context(), io.Discard, timeout(ms, body))))
		is.True(isA[*stream.TimeoutError](stream.Render(t.Context(), io.Discard, timeout(ms, async(body)))))
	})
}

func TestBlocking(t *testing.T) {
	t.Run("holds everything back", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			r := record()
			err := stream.Render(t.Context(), r, join(text("<"), async(wait(ms), text("1")),
				blocking(join(async(wait(10*ms), text("2")), text("3"))), async(wait(20*ms), text("4")), text(">")))
			is.New(t).NoErr(err)
			r.want(t, "0 lock", "10 write <123", "10 flush", "20 write 4>")
		})
	})
	t.Run("holds a flush and a spill back", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			r := record()
			l := stream.Renderer{Spill: 4}
			err := l.Render(t.Context(), r, join(text("abc"), blocking(join(text("defg"), flush, fail(errBad)))))
			is.New(t).Equal(err, errBad)
			r.want(t)
		})
	})
	t.Run("its error comes before the first byte", func(t *testing.T) {
		for name, body := range map[string]rd{
			"body": blocking(fail(errBad)), "part": blocking(async(wait(ms), fail(errBad))),
			"in a part": async(wait(ms), blocking(join(wait(ms), fail(errBad)))),
		} {
			t.Run(name, func(t *testing.T) {
				bubble(t, func(t *testing.T) {
					r := record()
					err := stream.Render(t.Context(), r, join(blocking(wait(2*ms)), async(body), blocking(async(wait(5*ms)))))
					is.New(t).Equal(err, errBad)
					r.want(t, "2 lock")
				})
			})
		}
	})
	t.Run("lets go when caught", func(t *testing.T) {
		for name, body := range map[string]rd{
			"body": blocking(fail(errBad)), "part": blocking(async(wait(ms), fail(errBad))),
			"stubborn part":               timeout(2*ms, blocking(async(stubborn(time.Hour)))),
			"body beside a stubborn part": join(blocking(async(stubborn(time.Hour))), fail(errBad)),
			"two":                         blocking(join(blocking(async(stubborn(time.Hour))), blocking(async(wait(ms), fail(errBad))))),
		} {
			t.Run(name, func(t *testing.T) {
				bubble(t, func(t *testing.T) {
					r := record()
					err := stream.Render(t.Context(), r, join(text("a"), catch(body, func(error) rd { return text("b") }),
						async(wait(10*ms), text("c"))))
					is.New(t).NoErr(err)
					is.New(t).Equal(r.out.String(), "abc")
					for _, e := range r.events {
						if at, _, _ := strings.Cut(e, " "); len(at) > 2 {
							t.Errorf("too late: %s", e)
						}
					}
				})
			})
		}
	})
	t.Run("lets go when the error is dropped", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			r := record()
			err := stream.Render(t.Context(), r, join(text("a"), async(wait(10*ms), text("b")),
				fn(func(ctx context.Context, w io.Writer) error {
					blocking(fail(errBad)).Render(ctx, w)
					return nil
				})))
			is.New(t).NoErr(err)
			r.want(t, "0 lock", "0 write a", "0 flush", "10 write b")
		})
	})
	t.Run("lets go when the error is dropped in a part", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			r := record()
			err := stream.Render(t.Context(), r, join(text("a"), async(fn(func(ctx context.Context, w io.Writer) error {
				blocking(fail(errBad)).Render(ctx, w)
				return nil
			})), async(wait(10*ms), text("b")), wait(ms)))
			is.New(t).NoErr(err)
			r.want(t, "0 lock", "1 write a", "1 flush", "10 write b")
		})
	})
	t.Run("does not let another's go", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			r := record()
			err := stream.Render(t.Context(), r, join(text("a"), blocking(async(wait(50*ms), text("b"))),
				catch(timeout(10*ms, blocking(async(stubborn(20*ms)))), func(error) rd { return text("c") }),
				async(wait(60*ms), text("d"))))
			is.New(t).NoErr(err)
			r.want(t, "0 lock", "50 write abc", "50 flush", "60 write d")
		})
	})
	t.Run("in a part, once something has left", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			r := record()
			err := stream.Render(t.Context(), r, join(text("a"), async(wait(ms), text("b"), blocking(wait(9*ms)), text("c"))))
			is.New(t).NoErr(err)
			r.want(t, "0 lock", "0 write a", "0 flush", "10 write bc")
		})
	})
}

// A component may deal with the error of a group itself: nothing of the group remains.
func TestErrorOfAGroupDealtWithByHand(t *testing.T) {
	for name, body := range map[string]rd{"sync": join(text("lost"), fail(errBad)), "forked": join(text("lost"), async(wait(ms), text("lost")), fail(errBad))} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				is := is.New(t)
				var out strings.Builder
				err := stream.Render(t.Context(), &out, fn(func(ctx context.Context, w io.Writer) error {
					io.WriteString(w, "a")
					is.Equal(stream.Timeout(ctx, w, time.Hour, body), errBad)
					io.WriteString(w, "b")
					return nil
				}))
				is.NoErr(err)
				is.Equal(out.String(), "ab")
			})
		})
	}
}
