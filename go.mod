module github.com/ropewalk/ropewalk

go 1.25

require (
	github.com/klauspost/compress v1.20.3
	github.com/matryer/is v1.4.1
	github.com/valyala/bytebufferpool v1.0.0
)
