// Package request reads what a client sent into Go values, within limits.
//
//	type Signup struct {
//		Email string `form:"email,required"`
//		Age   int    `form:"age"`
//	}
//
//	func signup(page *response.Context) (component.Component, error) {
//		in, err := request.Form[Signup](page.Request)
//		var wrong *request.FieldErrors
//		if errors.As(err, &wrong) {
//			return SignupForm(wrong), nil // again, with what is wrong beside each field
//		}
//		if err != nil {
//			return nil, err
//		}
//		…
//	}
//
// In a template the form shows itself again with {{.Value "email"}} and
// {{.Message "email"}}, where dot is the *FieldErrors, which may be nil.
//
// # Forms, queries, paths
//
// [Form], [Query] and [Path] fill structs. A field is named by its tag, `form`
// for the first two and `path` for the last, or by its Go name; case does not
// matter. Strings, numbers, bools, time.Time, types with UnmarshalText, pointers
// to them (nil when nothing was sent), slices of them, structs ("address.city")
// and slices of structs ("items.0.price") are filled; embedded structs lend
// their fields. A field of any other type is an error at the first use; the tag
// "-" leaves one out.
//
// An empty value counts as none, except for a string. If a name comes twice and
// its field takes one value, the last counts, so a hidden field before a
// checkbox can say what an unticked one means. A tag may add "required" or
// "default:1"; the default also replaces a zero that was sent, and does not
// reach into slices. A time.Time takes RFC 3339 and what date and datetime-local inputs send, as UTC.
//
// A *multipart.FileHeader field takes an uploaded file and a slice of them
// several.
//
// # JSON
//
// [JSON] fills any type from the body. What follows the value is refused.
//
// # Limits
//
// Every reader has [Limits] whose zero value is meant for ordinary pages; give
// others as the last argument:
//
//	request.Form[Upload](r, request.Limits{Body: 20 << 20})
//
// # The client and the request's own values
//
// [ClientIP] finds the address behind trusted proxies. A [Key] is a typed value
// that all who work on one request share.
//
// # Concurrency
//
// All functions may be called from several goroutines, for different requests.
// A body is read once: call Form or JSON for a request from one goroutine. Keys
// may be set and read by several goroutines of one request.
//
// # Errors
//
// [*FieldErrors] says which fields do not fit, [*Error] why nothing could be
// read. Both have a Status method with the HTTP status that says the same. Other
// errors are mistakes of the program: a struct that cannot be filled, a wildcard
// that the pattern does not have, a key set without locals ([ErrNoLocals]).
package request
