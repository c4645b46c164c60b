// Package component makes pages out of components: things that write themselves,
// and that can load side by side while the page leaves in order.
//
// The smallest program:
//
//	page := component.Join(
//		component.Raw("<h1>"), component.Text("Fish & chips"), component.Raw("</h1>"),
//	)
//	err := component.Render(ctx, os.Stdout, page)
//
// # Components
//
// A [Component] has one method, Render(ctx, w). It is templ's interface, so that
// templ's components are components here and these are components there; [Node]
// adapts nodes whose Render takes a writer alone. A component is usually made by a
// function from its props, and components hold components:
//
//	func Card(title string, children ...component.Component) component.Component {
//		return component.Join(
//			component.Raw("<article><h2>"), component.Text(title), component.Raw("</h2>"),
//			component.Join(children...),
//			component.Raw("</article>"),
//		)
//	}
//
// Making a component does nothing yet: it is a value that says what to render, it may
// be rendered any number of times, and nothing of it runs before. A nil Component
// prints nothing, wherever it stands.
//
// [Text] escapes what it prints and [Raw] does not. Raw takes a template.HTML, so
// that trust is a type: whoever makes one from a string says so in the code.
//
// # Asynchronous parts
//
// A component that waits, for a database or another service, would hold up what comes
// after it. [Async] and [Load] make it a part: its place in the page is kept, it runs
// in a goroutine of its own, and the page renders on.
//
//	func Reviews(id int) component.Component {
//		return component.Load(func(ctx context.Context) ([]Review, error) {
//			return store.Reviews(ctx, id)
//		}, ReviewList)
//	}
//
// Parts run side by side; a part inside a part starts when its parent gets to it. The
// bytes leave in the order of the page, each as soon as those before it have: the head
// of a page is with the reader while its parts load. In a page with no part all runs
// in the goroutine that called Render, and leaves in one write, or one for each 64 KiB.
//
// [Each] renders the items of a slice, so that a view that returns a Load loads all of
// them together. [Seq] renders a sequence item by item, as it comes.
//
// # Boundaries
//
// [Catch] renders something else in place of what failed, [Timeout] says how long its
// child may take, and [Blocking] holds the page back until its child is done, so that
// an error of it can still be the whole answer. They go around anything, parts
// included, and cost next to nothing around what never waits:
//
//	component.Catch(
//		component.Timeout(200*time.Millisecond, Reviews(id)),
//		func(error) component.Component { return component.Text("No reviews now.") },
//	)
//
// # Templates
//
// Templates are html/template's: its parser reads them, its escaper decides how each
// action is made safe, and they print the same bytes. They are compiled when the
// program starts, and checked against the type that they are bound to:
//
//	//go:embed views
//	var files embed.FS
//
//	var (
//		views   = component.Must(component.ParseFS(files, "views"))
//		Product = component.Must(component.Bind[ProductProps](views, "product"))
//	)
//
// Product is a function from ProductProps to Component. A field that does not exist, an
// argument of a wrong type, a quote that is never closed: Bind tells all of it at once,
//
//	views/product.html:12:7: .Titel: shop.ProductProps has no field or method Titel (did you mean Title?)
//		<h2>{{.Titel}}</h2>
//		      ^~~~~~
//
// A template prints a component where it would print text:
//
//   - {{.Reviews}}, a field that holds one. It may be an Async: the template goes on.
//   - {{reviews .ID}}, where reviews in [Parser.Funcs] is a function that returns one.
//   - {{card "Title" .Name "Href" .URL}}, where card takes one struct: names and values
//     for its fields, of which tags say what happens to those that are left out.
//   - {{with card "Title" .Name}} children {{end}}: the body becomes the field Children.
//     Dot and the variables in it are those outside. A body of white space is none.
//   - {{slot "footer" .}}, the template footer as a value, for a field that wants one.
//   - {{list "Items" .Items "Row" (slot "row")}}, where Row is a func(Item) Component:
//     the template row as a function, checked against Item. {{call .Row .}} calls it.
//
// The tag prop:"required" on a field of props demands it, and default:"3" fills it in. In
// a call by names, what is not named is left out, and Bind tells of it. In props that come
// as a whole, from Go to what Bind returned or by {{card .Props}}, a field is left out if
// it is zero: one that is required is then an error of the render. So a default of true
// is refused there, for false could not be said, and a default of 3 makes 3 of a 0.
// A function in Funcs that was bound sees each call as one from Go.
//
// A function that stands for a template of the same views is made by [Template]; one
// that was bound from other views is put into Funcs as it is; and [Compose] puts views
// together that come from several packages. So a page and the parts that it calls need
// no order:
//
//	var views = component.Must(component.Parser{Funcs: map[string]any{
//		"card": component.Template[CardProps]("card"),
//	}}.ParseFS(files, "views"))
//
// # The request
//
// A function in Funcs, or a method of the data, whose first parameter is a context.Context
// is given that of the render, or within a part that of the part, and is written without:
// {{t "cart.title"}}, {{if can "edit" .}}, nonce="{{nonce}}". A call that gives one of its
// own, as html/template's users do, may go on doing so.
//
// [TemplateFunc] and [TemplateLoad] put such a function together with the template that it
// makes the props of: {{userbar}} in any layout, with nothing from the page.
//
// # Types that are found out
//
// A value of type any is found out when it is printed. The code behind it is compiled
// again for each type that turns up, so that such templates are nearly as fast; but
// mistakes are then found by the first render that makes them.
//
// # Differences from html/template
//
// These are all that are intended; each has its test in differences_test.go.
//
//  1. Mistakes of type are errors of Bind, also in branches that would never run.
//     [Parser.Lenient] makes them errors of the render that reaches them, and
//     [Parser.LenientTemplates] those of some templates.
//  2. A value that is a Component is rendered where text would be escaped, and refused
//     elsewhere; html/template prints it with package fmt.
//  3. A with on a call that makes a component passes its body as children.
//  4. The function slot is predefined. A function of that name in Funcs hides it.
//  5. Functions named html, urlquery, js, _eval_args_ or _html_template_… are refused:
//     html/template would call them in place of its own escapers.
//  6. Data is refused where a browser may run it as script although html/template lets
//     it stand: in srcdoc; in values of SVG animations that can become an href; behind
//     a "javascript:" or a "data:" of documents, also if that is written in entities or
//     in branches; in a script where it is not certain what a slash or a brace is, or
//     where html/template takes it for another; in the name of an element that can become
//     a script's. [Parser.AllowScriptInjection] allows all of it.
//  7. The URL of a meta refresh is filtered whatever GODEBUG says, and also without the
//     word url before it.
//  8. A template that fails has written nothing since the last component in it, or the
//     last 32 KiB of a loop, where html/template has written all that came before the
//     failure.
//  9. A scheme that is made of several pieces, as in {{.Scheme}}://{{.Host}}, is checked
//     as a whole when it is printed, and so is an attribute's name that is partly data.
//     What would be a script becomes #ZgotmplZ. html/template looks at the pieces alone.
//  10. Attributes that libraries run as code, such as x-data and hx-on:click, are escaped
//     as scripts, which html/template takes for plain text. See [Parser.CodeAttributes].
//  11. Import maps and speculation rules are JSON, and data in them is written as such.
//     html/template prints it as package fmt does.
//  12. imagesrcset is a list of images, as srcset is. To html/template it is one URL.
//  13. A URL may be tel: or sms:, of which html/template makes #ZgotmplZ.
//  14. A bool is refused as the value of an attribute that is true whatever its value, as
//     in checked="{{.Done}}": false would tick the box. Write {{if .Done}}checked{{end}}.
//  15. The texts of errors are ours. errors.As finds a *[RenderError] in those of a render,
//     and not a template.ExecError, and [Diagnostics] in those of Parse and Bind.
//
// A value that is not trusted where it stands becomes #ZgotmplZ, as in html/template;
// [OnFiltered] tells of it.
//
// Some things stay the author's. Whoever chooses the URL of a script, an import, a style
// sheet or a base chooses what the page runs, so do not take it from data of others; nor
// the text of a template.JS, HTML, URL and the like. A template that passes data to a
// function of its scripts trusts that function: eval, innerHTML and setTimeout of a
// string run what they are given, however well it is quoted.
//
// # Concurrency
//
// A component must not be changed once it is part of a page, and what several renders
// use at once must bear that. The load of an Async, the fetch and the view of a Load,
// the iteration of a Seq, and all that they return, run in the part's goroutine: what
// they use must not change after they were made. Everything else runs in the goroutine
// of what it stands in. No component may write after its Render has returned.
//
// # Errors
//
// An error, from a Render or from a part, fails the nearest Catch around it, or else
// the page: the context of the other parts is cancelled, and [Render] returns the first
// error in the order of the page. Panics become errors that hold the stack. Package
// stream has the details.
package component
