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
// # What do you want to do?
//
//   - read a form: [Form]
//   - read what follows the ? of a URL: [Query]
//   - read the wildcards of a pattern, such as {id}: [Path]
//   - read JSON: [JSON]
//   - show a form again, with what is wrong beside each field: [FieldErrors], in a template {{.Value "email"}} and {{.Message "email"}}
//   - show a form for editing something: [Fill]
//   - check what one field alone does not tell: a Validate method on the struct, see [Form]
//   - say that a field is wrong: request.Fill(in).Add("email", "is taken")
//   - take an uploaded file: a *multipart.FileHeader field; [Stream] for files larger than memory
//   - keep a file under its name: [SafeName]
//   - allow more, or insist on what is known: [Limits]
//   - know who asks, behind proxies: [ClientIP]
//   - share a value between middleware and pages: [Key]
//
// # Forms, queries, paths
//
// [Form], [Query] and [Path] fill structs. A field is named by its tag, `form`
// for the first two and `path` for the last, or by its Go name; case does not
// matter. Strings, numbers, bools, time.Time, time.Duration, types with
// UnmarshalText, pointers to them (nil when nothing was sent), slices of them,
// structs, slices of structs, and maps of all these with text as their keys are
// filled; embedded structs lend their fields. A field of any other type is an
// error at the first use; the tag "-" leaves one out.
//
// What lies within a field is written with dots or with brackets, as PHP, Rails
// and many scripts do:
//
//	tags=a&tags=b   tags[]=a&tags[]=b   tags.0=a&tags.1=b     a slice
//	address.city=Rome                   address[city]=Rome    a struct
//	items.0.price=3                     items[0][price]=3     a slice of structs
//	items[][price]=3&items[][name]=a                          the same, if all have the same fields
//	options.colour=red                  options[colour]=red   a map
//
// Numbers only say the order: elements that were skipped are not made, and the
// others are numbered anew, in FieldErrors too. A name that begins with a field and
// leads nowhere within it is an error of that name. Other names are ignored unless
// Limits.Strict, for links carry what others put into them.
//
// # Values
//
// An empty value counts as none, except for a string; so does white space, which
// is also cut off around numbers, times and bools. If a name comes twice and its
// field takes one value, the last counts, so a hidden field before a checkbox can
// say what an unticked one means. A slice of numbers may come in one value with
// commas.
//
//   - A bool takes true, false, yes, no, on, off, 1 and 0.
//   - A time.Time takes RFC 3339 and what inputs of the types date,
//     datetime-local, month, week (its Monday) and time (in the year 0) send, as UTC.
//   - A time.Duration takes 90s or 1h30m, and no number without a unit.
//   - Text with a NUL byte, or that is not UTF-8, is an error of its field.
//
// A tag may add one of two options; another one is an error at the first use.
//
// "required" asks for an answer: a value that is not empty and more than white
// space. For a bool that is yes or no: a checkbox sends nothing unless it is
// ticked, so a required one must be, unless a hidden field answers for it.
//
// "default:1" gives the value of a field whose name was not sent. What was sent
// stays, be it false, 0 or empty. A slice has its defaults between bars,
// "default:1|2".
//
// # Files
//
// A *multipart.FileHeader field takes an uploaded file and a slice of them
// several. They are kept in memory, so Limits.Body bounds them together. [Stream]
// hands larger ones on as they arrive. A browser can name a file as it likes:
// [SafeName] makes a name of one file of that.
//
// # JSON
//
// [JSON] fills any type from the body. What follows the value is refused. How much
// the value may hold is checked before it is decoded, since some types take a
// hundred times the memory of their text.
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
// errors are mistakes of the program: a struct that cannot be filled, an option of
// a tag that does not exist, a wildcard that the pattern does not have, a key set
// without locals ([ErrNoLocals]).
package request
