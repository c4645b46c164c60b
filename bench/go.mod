module github.com/ropewalk/ropewalk/bench

go 1.25.0

require (
	github.com/CloudyKit/jet/v6 v6.3.3
	github.com/a-h/templ v0.3.977
	github.com/klauspost/compress v1.20.3
	github.com/ropewalk/ropewalk v0.0.0-00010101000000-000000000000
	github.com/valyala/quicktemplate v1.8.0
	golang.org/x/net v0.52.0
	maragu.dev/gomponents v1.2.0
)

require (
	github.com/CloudyKit/fastprinter v0.0.0-20200109182630-33d98a066a53 // indirect
	github.com/valyala/bytebufferpool v1.0.0 // indirect
)

replace github.com/ropewalk/ropewalk => ../
