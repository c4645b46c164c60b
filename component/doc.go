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
// in the goroutine that called Render, and leaves in one write.
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
